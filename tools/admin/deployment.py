"""What a deployment is made of, read from its stack's outputs."""

import boto3
from botocore.exceptions import ClientError

from tools.admin.errors import AdminError


def output(stack: str, key: str, region: str | None) -> str:
    """An output of a deployed stack.

    Args:
        stack: The stack's name.
        key: The output's.
        region: Where the stack is; the configured region if `None`.

    Raises:
        AdminError: There is no such stack, or it has no such output.
    """
    client = boto3.client("cloudformation", region_name=region)
    try:
        outputs = client.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise AdminError(f"There is no stack {stack} in {client.meta.region_name}. See --stage and --region.") from None
    for entry in outputs:
        if entry.get("OutputKey") == key:
            return entry.get("OutputValue", "")
    raise AdminError(f"The stack {stack} has no {key}: its settings do without.")
