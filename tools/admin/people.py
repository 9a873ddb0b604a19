"""The people of a deployment with Cognito: nobody can register, they are invited."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from tools.admin.errors import AdminError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cognito_idp import CognitoIdentityProviderClient


@dataclass(frozen=True)
class Person:
    """Somebody invited.

    Attributes:
        email: Their address, which they sign in with.
        status: Cognito's word: `FORCE_CHANGE_PASSWORD` until the first sign-in, then `CONFIRMED`.
    """

    email: str
    status: str


class People:
    """The users of a user pool.

    Args:
        user_pool_id: The pool's.
        region: Where it is; the configured region if `None`.
    """

    def __init__(self, user_pool_id: str, region: str | None) -> None:
        self._pool = user_pool_id
        self._client: CognitoIdentityProviderClient = boto3.client("cognito-idp", region_name=region)

    def invite(self, email: str) -> None:
        """Invite somebody; Cognito sends them an e-mail with a temporary password.

        Raises:
            AdminError: They have been invited before, or the address is not accepted.
        """
        try:
            self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=email,
                UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
                DesiredDeliveryMediums=["EMAIL"],
            )
        except self._client.exceptions.UsernameExistsException:
            raise AdminError(f"{email} has been invited already.") from None
        except (
            self._client.exceptions.InvalidParameterException,
            self._client.exceptions.UserLambdaValidationException,
        ) as error:
            raise AdminError(f"{email}: {error.response['Error']['Message']}") from None

    def all(self) -> "Iterator[Person]":
        """Everybody invited."""
        for page in self._client.get_paginator("list_users").paginate(UserPoolId=self._pool):
            for user in page["Users"]:
                attributes = {attribute["Name"]: attribute.get("Value", "") for attribute in user.get("Attributes", [])}
                yield Person(attributes.get("email", user.get("Username", "")), user.get("UserStatus", ""))

    def remove(self, email: str) -> None:
        """Remove somebody; a token they hold works until it expires, an hour at most.

        Raises:
            AdminError: Nobody of that address has been invited.
        """
        try:
            self._client.admin_delete_user(UserPoolId=self._pool, Username=email)
        except ClientError as error:
            if error.response["Error"]["Code"] != "UserNotFoundException":
                raise
            raise AdminError(f"{email} has not been invited.") from None
