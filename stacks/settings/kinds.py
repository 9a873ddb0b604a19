"""The kinds of value a setting may have: each turns what cdk.json or `-c key=value` gave into a typed value.

What cannot be used is refused with a ValueError.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of value.

    Attributes:
        parse: Returns the typed value. `-c key=value` always gives text, cdk.json may give a number or a list: both
            are taken. Raises ValueError.
        accepts: What is accepted, to be read after "accepted: ".
    """

    parse: Callable[[object], T]
    accepts: str


def text(pattern: str, accepts: str) -> Kind[str]:
    """Text that matches a pattern as a whole."""
    compiled = re.compile(pattern, re.DOTALL)

    def parse(raw: object) -> str:
        if not isinstance(raw, str) or compiled.fullmatch(raw.strip()) is None:
            raise ValueError(accepts)
        return raw.strip()

    return Kind(parse, accepts)


def choice(*options: str) -> Kind[str]:
    """One of the options, spelled exactly so."""
    accepts = ", ".join(f"`{option}`" for option in options)

    def parse(raw: object) -> str:
        if raw not in options:
            raise ValueError(accepts)
        return str(raw)

    return Kind(parse, accepts)


def integer(low: int, high: int) -> Kind[int]:
    """Any whole number in a range, both ends included."""
    accepts = f"a whole number from {low:,} to {high:,}"

    def parse(raw: object) -> int:
        value = _number(raw)
        if value != int(value) or not low <= value <= high:
            raise ValueError(accepts)
        return int(value)

    return Kind(parse, accepts)


def one_of_integers(*options: int) -> Kind[int]:
    """One whole number of a list."""
    accepts = ", ".join(map(str, options))

    def parse(raw: object) -> int:
        value = _number(raw)
        if value not in options:
            raise ValueError(accepts)
        return int(value)

    return Kind(parse, accepts)


def number(low: float, high: float) -> Kind[float]:
    """Any number in a range, both ends included."""
    accepts = f"a number from {low:g} to {high:g}"

    def parse(raw: object) -> float:
        value = _number(raw)
        if not low <= value <= high:
            raise ValueError(accepts)
        return value

    return Kind(parse, accepts)


def listing(item: Kind[str], accepts: str, *, at_least: int, at_most: int) -> Kind[tuple[str, ...]]:
    """A list in cdk.json, or text with commas."""

    def parse(raw: object) -> tuple[str, ...]:
        parts = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(parts, list | tuple):
            raise ValueError(accepts)  # noqa: TRY004 - a bad value is a bad value
        items = tuple(item.parse(part) for part in parts if part != "")
        if len(set(items)) != len(items) or not at_least <= len(items) <= at_most:
            raise ValueError(accepts)
        return items

    return Kind(parse, accepts)


def optional(kind: Kind[T]) -> Kind[T | None]:
    """The same, or nothing: null in cdk.json, empty after `-c key=`."""
    return Kind(lambda raw: None if raw in (None, "") else kind.parse(raw), f"nothing, or {kind.accepts}")


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ValueError("not a number")  # noqa: TRY004 - a bad value is a bad value
    value = float(raw)
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    return value
