"""The people of a deployment with Cognito: nobody can register, they are invited."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3

from tools.admin.errors import AdminError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cognito_idp import CognitoIdentityProviderClient

_NOT_SIGNED_IN = "FORCE_CHANGE_PASSWORD"  # Cognito's word for somebody who has a temporary password
_COGNITO_S_DAYS = 7


@dataclass(frozen=True)
class Person:
    """Somebody invited.

    Attributes:
        email: Their address, which they sign in with.
        status: `invited`, `invitation expired`, `signed in`, or else Cognito's word.
        since: When that began, or their profile last changed.
    """

    email: str
    status: str
    since: datetime


class People:
    """The users of a user pool."""

    def __init__(self, user_pool_id: str, session: boto3.Session) -> None:
        self._pool = user_pool_id
        self._client: CognitoIdentityProviderClient = session.client("cognito-idp")

    @property
    def issuer(self) -> str:
        """Who the pool's tokens say that they are from: the function hashes people with it."""
        region = self._client.meta.region_name
        domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        return f"https://cognito-idp.{region}.{domain}/{self._pool}"

    @property
    def invitation_days(self) -> int:
        """How long a temporary password works."""
        policy = self._client.describe_user_pool(UserPoolId=self._pool)["UserPool"].get("Policies", {})
        return policy.get("PasswordPolicy", {}).get("TemporaryPasswordValidityDays", _COGNITO_S_DAYS)

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
            raise AdminError(f"{email} has been invited already: `people resend` sends it again.") from None
        except (
            self._client.exceptions.InvalidParameterException,
            self._client.exceptions.UserLambdaValidationException,
        ) as error:
            raise AdminError(f"{email}: {error.response['Error']['Message']}") from None

    def resend(self, email: str) -> None:
        """Send an invitation again, with a new temporary password, whether the old one works or not.

        Raises:
            AdminError: They have not been invited, or have signed in already.
        """
        try:
            self._client.admin_create_user(
                UserPoolId=self._pool, Username=email, DesiredDeliveryMediums=["EMAIL"], MessageAction="RESEND"
            )
        except self._client.exceptions.UserNotFoundException:
            raise AdminError(f"{email} has not been invited.") from None
        except self._client.exceptions.UnsupportedUserStateException:
            raise AdminError(
                f"{email} has signed in already: `Forgot your password?` on the sign-in page gives a new one."
            ) from None

    def all(self) -> "Iterator[Person]":
        """Everybody invited."""
        oldest = datetime.now(UTC) - timedelta(days=self.invitation_days)
        for page in self._client.get_paginator("list_users").paginate(UserPoolId=self._pool):
            for user in page["Users"]:
                attributes = {attribute["Name"]: attribute.get("Value", "") for attribute in user.get("Attributes", [])}
                status, since = user.get("UserStatus", ""), user["UserLastModifiedDate"]
                if status == _NOT_SIGNED_IN:
                    status = "invited" if since > oldest else "invitation expired"
                elif status == "CONFIRMED":
                    status = "signed in"
                yield Person(attributes.get("email", user.get("Username", "")), status, since)

    def subject(self, email: str) -> str:
        """What the claim `sub` of somebody's tokens is.

        Raises:
            AdminError: Nobody of that address has been invited.
        """
        try:
            user = self._client.admin_get_user(UserPoolId=self._pool, Username=email)
        except self._client.exceptions.UserNotFoundException:
            raise AdminError(f"{email} has not been invited.") from None
        return next(entry.get("Value", "") for entry in user["UserAttributes"] if entry["Name"] == "sub")

    def remove(self, email: str) -> None:
        """Remove somebody; a token they hold works until it expires, an hour at most.

        Raises:
            AdminError: Nobody of that address has been invited.
        """
        try:
            self._client.admin_delete_user(UserPoolId=self._pool, Username=email)
        except self._client.exceptions.UserNotFoundException:
            raise AdminError(f"{email} has not been invited.") from None
