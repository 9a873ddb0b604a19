"""How resources are named and tagged, so that stages and regions of one account stand beside each other."""

from aws_cdk import Stack, Tags
from constructs import Construct

from contracts import names
from stacks.settings import Settings


def account_wide_name(scope: Construct, settings: Settings, what: str) -> str:
    """Return a name for what CloudFront or CloudWatch keeps once for all regions: at most 64 characters."""
    return f"{names.stack_name(settings.stage)}-{Stack.of(scope).region}-{what}"


def tag(stack: Stack, settings: Settings) -> None:
    """Tag a stack and all that is in it."""
    Tags.of(stack).add("project", names.PROJECT)
    Tags.of(stack).add("stage", settings.stage)
    for key, _, value in (tag.partition("=") for tag in settings.tags):
        Tags.of(stack).add(key, value)
