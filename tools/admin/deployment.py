"""What a deployment is made of, read from its stack."""

from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from tools.admin.errors import AdminError

if TYPE_CHECKING:
    from types_boto3_cloudformation.type_defs import StackTypeDef


class Deployment:
    """A deployed stack.

    Args:
        stack: Its name.
        session: Credentials and region.
    """

    def __init__(self, stack: str, session: boto3.Session) -> None:
        self._stack = stack
        self.session = session

    def output(self, key: str) -> str:
        """One of the stack's outputs.

        Raises:
            AdminError: There is no such stack, or it has no such output.
        """
        for entry in self._description.get("Outputs", []):
            if entry.get("OutputKey") == key:
                return entry.get("OutputValue", "")
        raise AdminError(f"The stack {self._stack} has no {key}: its settings do without.")

    @property
    def subject_salt(self) -> str:
        """What the function hashes people with: the stack's UUID.

        Raises:
            AdminError: There is no such stack.
        """
        return self._description.get("StackId", "").split("/")[2]

    @cached_property
    def _description(self) -> "StackTypeDef":
        client = self.session.client("cloudformation")
        try:
            return client.describe_stacks(StackName=self._stack)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            region = self.session.region_name
            raise AdminError(f"There is no stack {self._stack} in {region}. See --stage and --region.") from None
        finally:
            client.close()
