"""The deployment's settings: read from the CDK context, checked at synth, so that a bad value never reaches AWS.

Each setting is a key of `context` in cdk.json and can be overridden for one command: `-c memory_mb=1024`.
"""

import dataclasses
import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from chat.declaration import Declaration, SettingsError, declarations
from chat.settings import Settings as FunctionSettings
from stacks.settings.access import AccessSettings
from stacks.settings.contradictions import contradictions
from stacks.settings.deployment import DeploymentSettings
from stacks.settings.operation import OperationSettings

_CDK_JSON = Path(__file__).resolve().parents[2] / "cdk.json"
# Keys without a namespace that belong to the CDK itself.
_CDK_KEYS = frozenset({"acknowledged-issue-numbers", "cli-telemetry"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings(OperationSettings, AccessSettings, FunctionSettings, DeploymentSettings):
    """What is deployed: the function's settings among the others. Those of the last base come first.

    What is internal to the function has a place here too: the stack fills it with what its resources are called.
    """

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Self:
        """Read the settings out of the CDK context, ignoring the CDK's own keys.

        Raises:
            SettingsError: A key is not a setting, or a value is not accepted. All that is wrong is told at once.
        """
        known = declared()
        values: dict[str, Any] = {}
        problems = []
        for key, raw in context.items():
            if key in known:
                try:
                    values[key] = known[key].kind.parse(raw)
                except ValueError:
                    problems.append(f"{key}: got {raw!r}; accepted: {known[key].kind.accepts}")
            elif not _belongs_to_the_cdk(key):
                near = difflib.get_close_matches(key.replace("-", "_"), known, n=1)
                problems.append(f"{key}: no such setting" + (f"; did you mean {near[0]}?" if near else ""))
        settings = cls(**values)
        if not problems:
            problems = [*settings.contradictions(), *contradictions(settings)]
        if problems:
            raise SettingsError("\n".join(["These settings (cdk.json, -c) cannot be deployed:", *problems]))
        return settings


def declared() -> dict[str, Declaration]:
    """Return every setting's declaration by its key, in the order of the class."""
    return {key: one for key, one in declarations(Settings).items() if not one.internal}


def readers(key: str) -> list[str]:
    """Return who reads a setting when it runs, beside the stack that is made of it: the function, the page."""
    function = ["function"] if key in declarations(FunctionSettings) else []
    return [*function, "page"] if declared()[key].page else function


def cdk_json_context(cdk_json: Path = _CDK_JSON) -> dict[str, Any]:
    """Return the context that cdk.json gives: settings and feature flags."""
    context: dict[str, Any] = json.loads(cdk_json.read_text(encoding="utf-8"))["context"]
    return context


def _belongs_to_the_cdk(key: str) -> bool:
    # Feature flags (@aws-cdk/…), the command line (aws:cdk:…), cached look-ups (vpc-provider:…).
    return ":" in key or "/" in key or key in _CDK_KEYS
