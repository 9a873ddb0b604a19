"""What the function's role needs to ask Bedrock: the named models and inference profiles, and nothing else.

https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
"""

import re

from aws_cdk import Aws
from aws_cdk import aws_iam as iam

from stacks.acknowledgments import acknowledge
from stacks.settings import Settings

_ACTIONS = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
# What names of AWS's own inference profiles begin with; after it comes the model's name.
_PROFILE = re.compile(r"(?:us|us-gov|eu|apac|jp|au|ca|sa|me|af|il|mx|global)\.(?P<model>[a-z0-9]+\..+)")
_EVERY_REGION = "An inference profile sends requests to other regions; only what goes by way of it is allowed there."


def allow_models(role: iam.Role, settings: Settings) -> None:
    """Allow a role the models and the guardrail of the settings."""
    called: list[str] = []
    behind: dict[str, str] = {}
    for name in settings.models:
        if name.startswith("arn:"):
            behind[name] = "*"
        elif found := _PROFILE.fullmatch(name):
            behind[_own("inference-profile", name)] = found["model"]
        else:
            called.append(f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}::foundation-model/{name}")
    role.add_to_policy(iam.PolicyStatement(actions=_ACTIONS, resources=[*called, *behind]))
    for profile, model in behind.items():
        role.add_to_policy(
            iam.PolicyStatement(
                actions=_ACTIONS,
                resources=[f"arn:{Aws.PARTITION}:bedrock:*::foundation-model/{model}"],
                conditions={"StringEquals": {"bedrock:InferenceProfileArn": profile}},
            )
        )
        wide = f"Resource::arn:<AWS::Partition>:bedrock:*::foundation-model/{model}"
        acknowledge(role, {f"AwsSolutions-IAM5[{wide}]": _EVERY_REGION})
    if settings.bedrock_guardrail is not None:
        guardrail = settings.bedrock_guardrail.rpartition(":")[0]
        resource = guardrail if guardrail.startswith("arn:") else _own("guardrail", guardrail)
        role.add_to_policy(iam.PolicyStatement(actions=["bedrock:ApplyGuardrail"], resources=[resource]))


def _own(kind: str, name: str) -> str:
    return f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}:{Aws.ACCOUNT_ID}:{kind}/{name}"
