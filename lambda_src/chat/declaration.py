"""How a setting is declared: once, with its default, its kind and its meaning. All else is derived from that.

A field of a dataclass that is declared here is known by one name everywhere: `max_messages` is the key in cdk.json and
the attribute, `MAX_MESSAGES` the function's environment variable and `maxMessages` in the page's config.json.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from chat.kinds import Kind

T = TypeVar("T")

_DECLARATION = "declaration"


class SettingsError(ValueError):
    """Settings that cannot be used; the message names each, what it got and what is accepted."""


class Declaration:
    """What is known of a setting beside its name and default.

    Args:
        kind: Which values it may have.
        meaning: What it does, for whoever sets it.
        page: Whether the page is told it.
        internal: Whether nobody sets it in cdk.json: the stack's resources give it, or a test.
    """

    __slots__ = ("internal", "kind", "meaning", "page")

    def __init__(self, kind: Kind[Any], meaning: str, *, page: bool = False, internal: bool = False) -> None:
        self.kind = kind
        self.meaning = meaning
        self.page = page
        self.internal = internal


def setting(default: T, kind: Kind[T], meaning: str, *, page: bool = False) -> T:
    """Declare a setting, as a dataclass's field; see `Declaration`."""
    return dataclasses.field(default=default, metadata={_DECLARATION: Declaration(kind, meaning, page=page)})


def internal(default: T, kind: Kind[T], meaning: str) -> T:
    """Declare what is no setting for people, as a dataclass's field; see `Declaration`."""
    return dataclasses.field(default=default, metadata={_DECLARATION: Declaration(kind, meaning, internal=True)})


def declarations(declared: Any) -> dict[str, Declaration]:  # noqa: ANN401  # a dataclass or one of its instances
    """Every declared field by its name, in the order of the class."""
    return {field.name: field.metadata[_DECLARATION] for field in dataclasses.fields(declared)}


def read_environment(declared: type[T], environment: Mapping[str, str]) -> T:
    """Make settings of environment variables.

    A variable that is not set gives the default; where there may be no value, it gives none.

    Raises:
        SettingsError: A variable is wrong. All that are wrong are told at once.
    """
    values: dict[str, object] = {}
    problems = []
    for name, declaration in declarations(declared).items():
        raw = environment.get(name.upper())
        if raw is None and not declaration.kind.optional:
            continue
        try:
            values[name] = declaration.kind.parse(raw)
        except ValueError:
            problems.append(f"{name.upper()}: got {raw!r}; accepted: {declaration.kind.accepts}")
    if problems:
        raise SettingsError("\n".join(problems))
    return declared(**values)


def write_environment(declared: type[object], values: object) -> dict[str, str]:
    """Return the environment variables that `read_environment` makes these values of.

    What is internal is left out where it has its default.

    Args:
        declared: The class that will read them.
        values: One of its instances, or of a class derived from it.
    """
    variables = {}
    for field in dataclasses.fields(declared):  # type: ignore[arg-type]  # a dataclass, as `declarations` wants it too
        declaration: Declaration = field.metadata[_DECLARATION]
        value = getattr(values, field.name)
        if value is None or (value == field.default and (declaration.internal or value in ("", ()))):
            continue
        variables[field.name.upper()] = declaration.kind.write(value)
    return variables
