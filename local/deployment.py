"""The settings in cdk.json that hold for the function wherever it runs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CDK_JSON = Path(__file__).parent.parent / "cdk.json"
# The function's variables have the settings' names, in capitals.
_SHARED = (
    "system_prompt",
    "max_output_tokens",
    "max_input_chars",
    "max_messages",
    "min_temperature",
    "max_temperature",
    "silence_seconds",
)


@dataclass(frozen=True)
class Deployment:
    """What a deployment from this folder would have.

    Attributes:
        models: What may be asked for.
        timeout_seconds: The function's.
        variables: The function's environment variables that have to do neither with AWS nor with the model.
    """

    models: Sequence[str]
    timeout_seconds: int
    variables: dict[str, str]


def read_deployment(cdk_json: Path = _CDK_JSON) -> Deployment:
    """Read them, as they are: `cdk synth` checks them."""
    context = json.loads(cdk_json.read_text())["context"]
    variables = {name.upper(): str(context[name]) for name in _SHARED if context.get(name) is not None}
    return Deployment(context["models"], context["timeout_seconds"], variables)
