"""The kinds of value that a setting may have: each makes a typed value of text or JSON, and text of the value again.

The function reads text from its environment variables; the CDK reads cdk.json's JSON and text from `-c key=value`. What
is accepted is the same for both. Patterns are compiled when they are needed: most are not, when the function starts.
"""

import math
import re
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# A dataclass would take the function a millisecond longer to start.


class Kind(Generic[T]):
    """One kind of value.

    Args:
        parse: Returns the typed value of text or JSON. Raises ValueError, whatever it says.
        accepts: What is accepted, to be read after "accepted: ".
        write: Returns a value's text, which `parse` reads.
        optional: Whether there may be no value, which is None.
    """

    __slots__ = ("accepts", "optional", "parse", "write")

    def __init__(
        self,
        parse: Callable[[object], T],
        accepts: str,
        write: Callable[[Any], str] = str,
        *,
        optional: bool = False,
    ) -> None:
        self.parse = parse
        self.accepts = accepts
        self.write = write
        self.optional = optional


def text(pattern: str, accepts: str) -> Kind[str]:
    """Text that matches a pattern as a whole, without the space around it."""

    def parse(raw: object) -> str:
        if not isinstance(raw, str) or re.fullmatch(pattern, raw.strip(), re.DOTALL) is None:
            raise ValueError(accepts)
        return raw.strip()

    return Kind(parse, accepts)


def url(*, plain_http: bool, is_base: bool) -> Kind[str]:
    """An absolute https URL without user or fragment.

    Args:
        plain_http: Whether http is accepted everywhere; else it is to this machine only.
        is_base: Whether paths are put after its path: a slash at the end of that goes, and it may have a query. An
            issuer's name is kept as it is.
    """
    query = r"(\?[^\s#]*)?" if is_base else ""
    rest = rf"(:\d{{1,5}})?(/[^\s?#]*)?{query}"
    hosts = r"(\[[0-9a-f:.]+\]|[^\s/?#@:\[\]]+)"
    http = hosts if plain_http else r"(localhost|127\.0\.0\.1|\[::1\])"
    scheme = "http(s)" if plain_http else "https"
    without = "user or fragment" if is_base else "user, query or fragment"
    kind = text(f"(https://{hosts}|http://{http}){rest}", f"an {scheme}:// URL without {without}")

    def parse(raw: object) -> str:
        path, mark, query = kind.parse(raw).partition("?")
        return path.rstrip("/") + mark + query

    return Kind(parse, kind.accepts) if is_base else kind


def choice(*options: str) -> Kind[str]:
    """One of the options, spelled exactly so."""
    accepts = ", ".join(f"`{option}`" for option in options)

    def parse(raw: object) -> str:
        if raw not in options:
            raise ValueError(accepts)
        return str(raw)

    return Kind(parse, accepts)


def switch() -> Kind[bool]:
    """On or off: true or false in JSON, `on`, `off`, `true` or `false` as text."""

    def parse(raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        if raw not in ("on", "off", "true", "false"):  # what JSON has may not be hashable
            raise ValueError
        return raw in {"on", "true"}

    return Kind(parse, "`true`, `false`", lambda value: "true" if value else "false")


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

    return Kind(parse, accepts, lambda value: f"{value:.15g}")


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

    return Kind(parse, accepts, ",".join)


def optional(kind: Kind[T]) -> Kind[T | None]:
    """The same, or nothing: null in cdk.json, empty as text."""
    return Kind(
        lambda raw: None if raw in (None, "") else kind.parse(raw),
        f"nothing, or {kind.accepts}",
        lambda value: "" if value is None else kind.write(value),
        optional=True,
    )


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ValueError("not a number")  # noqa: TRY004 - a bad value is a bad value
    value = float(raw)
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    return value
