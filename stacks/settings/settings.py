"""The deployment's settings: read from the CDK context, checked at synth, so that a bad value never reaches AWS.

Each setting is a key of `context` in cdk.json and can be overridden for one command: `-c memory_mb=1024`.
`python -m tools.checks.settings_table` prints them all.
"""

import dataclasses
import difflib
import typing
from collections.abc import Mapping
from typing import Any, Self

from stacks.settings.access import AccessSettings
from stacks.settings.chat import ChatSettings
from stacks.settings.contradictions import contradictions
from stacks.settings.kinds import Kind
from stacks.settings.operation import OperationSettings

# Keys without a namespace that belong to the CDK itself.
_CDK_KEYS = frozenset({"acknowledged-issue-numbers", "cli-telemetry"})


class SettingsError(ValueError):
    """Settings that cannot be deployed; the message names each key, what it got and what is accepted."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings(OperationSettings, AccessSettings, ChatSettings):
    """What is deployed: the settings of the last base first.

    Every field has its kind and its meaning beside it: the documentation is made from them.
    """

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Self:
        """Read the settings out of the CDK context, ignoring the CDK's own keys.

        Raises:
            SettingsError: A key is not a setting, or a value is not accepted. All that is wrong is told at once.
        """
        known = describe()
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
            problems = contradictions(settings)
        if problems:
            raise SettingsError("\n".join(["These settings (cdk.json, -c) cannot be deployed:", *problems]))
        return settings


@dataclasses.dataclass(frozen=True)
class Description:
    """A setting as its documentation needs it."""

    key: str
    default: Any
    kind: Kind[Any]
    meaning: str


def describe() -> dict[str, Description]:
    """Return every setting by its key, in the order of the class."""
    hints = typing.get_type_hints(Settings, include_extras=True)
    described = {}
    for field in dataclasses.fields(Settings):
        _, kind, meaning = typing.get_args(hints[field.name])
        described[field.name] = Description(field.name, field.default, kind, meaning)
    return described


def _belongs_to_the_cdk(key: str) -> bool:
    # Feature flags (@aws-cdk/…), the command line (aws:cdk:…), cached look-ups (vpc-provider:…).
    return ":" in key or "/" in key or key in _CDK_KEYS
