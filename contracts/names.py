"""What a deployment's stacks and metrics are called: made by the stack, looked for by the tools."""

PROJECT = "lambda-stream-chat"
METRICS_SERVICE = "chat"


def stack_name(stage: str) -> str:
    """Return the stack's name."""
    return f"{PROJECT}-{stage}"


def firewall_stack_name(stage: str) -> str:
    """Return the name of the second stack, which there is with `firewall_rate`."""
    return f"{stack_name(stage)}-firewall"


def metrics_namespace(stage: str) -> str:
    """Return the CloudWatch namespace of the metrics that the function writes."""
    return f"{PROJECT}/{stage}"
