"""What is to be checked: from cdk.json, and once there is a deployment, from what is deployed."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from contracts import names

CDK_JSON = Path(__file__).resolve().parents[2] / "cdk.json"


@dataclass(frozen=True)
class Deployment:
    """A deployment, as far as it is known.

    Attributes:
        parameter: The SSM parameter with the model's key.
        key_arn: The KMS key of one's own that encrypts it, if one does.
        upstream: Base URL of the model's API, with its `/v1`.
        models: What may be asked for.
        reserved_concurrency: The answers at the same time that are kept for it, if any are.
        kind: Whose they are: the setting `upstream`.
        outputs: The stack's outputs; empty before it is deployed.
    """

    stack: str
    parameter: str
    key_arn: str | None
    upstream: str
    models: tuple[str, ...]
    reserved_concurrency: int | None = None
    kind: str = "openai"
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def put_parameter(self) -> str:
        """The command that sets the key."""
        key = f" --key-id {self.key_arn}" if self.key_arn else ""
        return (
            f'read -rs KEY && aws ssm put-parameter --name {self.parameter} --type SecureString{key} --value "$KEY" '
            "--overwrite"
        )


def planned(stage: str | None, cdk_json: Path = CDK_JSON) -> Deployment:
    """Return what cdk.json describes."""
    context: dict[str, Any] = json.loads(cdk_json.read_text(encoding="utf-8"))["context"]
    return Deployment(
        stack=names.stack_name(stage or context["stage"]),
        parameter=context["api_key_parameter"],
        key_arn=context["api_key_kms_key_arn"],
        upstream=context["upstream_base_url"],
        kind=context["upstream"],
        models=tuple(context["models"]),
        reserved_concurrency=context["reserved_concurrency"],
    )


def deployed(plan: Deployment, session: boto3.Session) -> Deployment:
    """Return what is deployed, or the plan if nothing is: `-c` may have changed what cdk.json says."""
    try:
        [stack] = session.client("cloudformation").describe_stacks(StackName=plan.stack)["Stacks"]
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
        function = session.client("lambda").get_function_configuration(FunctionName=outputs["FunctionName"])
    except (BotoCoreError, ClientError, KeyError):
        return plan
    variables = function["Environment"]["Variables"]
    return replace(
        plan,
        parameter=variables["API_KEY_PARAMETER"],
        upstream=variables["UPSTREAM_BASE_URL"],
        kind=variables.get("UPSTREAM", "openai"),
        models=tuple(variables["MODELS"].split(",")),
        outputs=outputs,
    )
