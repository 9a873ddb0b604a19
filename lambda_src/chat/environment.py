"""Environment variables as values of the types they should have."""

import math
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

_T = TypeVar("_T")


class SettingsError(ValueError):
    """An environment variable is missing or has a value that cannot be used; the message names it."""


class Environment:
    """Reads variables; an empty one counts as not set.

    Args:
        variables: Usually `os.environ`.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def read(self, name: str, convert: Callable[[str], _T], default: _T | None = None) -> _T:
        """The variable's value.

        Args:
            name: The variable's.
            convert: One of this module's functions, or another that raises `ValueError` with a half sentence.
            default: The value if the variable is not set; with `None` it has to be.

        Raises:
            SettingsError: The variable is missing or wrong.
        """
        value = self._variables.get(name, "").strip()
        if not value:
            if default is None:
                raise SettingsError(f"{name} is not set")
            return default
        try:
            return convert(value)
        except ValueError as error:
            raise SettingsError(f"{name} {error}, got {value!r}") from None


def text(value: str) -> str:
    """Any text."""
    return value


def names(value: str) -> tuple[str, ...]:
    """Names separated by commas, each kept once.

    Raises:
        ValueError: There is none.
    """
    found = tuple(dict.fromkeys(name for part in value.split(",") if (name := part.strip())))
    if not found:
        raise ValueError("must name at least one, separated by commas")
    return found


def switch(value: str) -> bool:
    """`on` or `off`.

    Raises:
        ValueError: It is something else.
    """
    if value not in {"on", "off"}:
        raise ValueError("must be on or off")
    return value == "on"


def url(value: str) -> str:
    """An http(s) URL, without a slash at its end.

    Raises:
        ValueError: It is something else.
    """
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be an http(s) URL")
    return value.rstrip("/")


def count(value: str) -> int:
    """A whole number above 0.

    Raises:
        ValueError: It is something else.
    """
    if (whole := whole_number(value)) < 1:
        raise ValueError("must be a whole number above 0")
    return whole


def whole_number(value: str) -> int:
    """A whole number from 0.

    Raises:
        ValueError: It is something else.
    """
    if not (value.isascii() and value.isdecimal()):
        raise ValueError("must be a whole number, 0 or above")
    return int(value)


def number(value: str) -> float:
    """A finite number.

    Raises:
        ValueError: It is something else.
    """
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ValueError("must be a number")
    return found


def seconds(value: str) -> float:
    """A length of time above 0.

    Raises:
        ValueError: It is something else.
    """
    if (found := number(value)) <= 0:
        raise ValueError("must be above 0")
    return found
