"""JSON from a client, as values of the types they should have, and as the bytes to send on."""

import json
import math
from typing import NoReturn

from chat.errors import InvalidRequestError

_MAX_VALUES = 1_000_000


def json_object(body: bytes) -> dict[str, object]:
    """Parse a request body.

    Raises:
        InvalidRequestError: It is not a JSON object in UTF-8, or one that parsers read differently: NaN, numbers
            beyond a double, the same name twice.
    """
    # Each of them becomes an object of some fifty bytes or more: a body of 6 MB could take a hundred.
    if body.count(b",") + body.count(b"{") + body.count(b"[") > _MAX_VALUES:
        raise InvalidRequestError("The request's body has too many values.", code="invalid_json")
    try:
        value = json.loads(
            body.decode(), parse_constant=_not_json, parse_float=_finite, object_pairs_hook=_each_name_once
        )
    except (ValueError, RecursionError):
        raise _invalid() from None
    return as_object(value, None)


def json_bytes(value: dict[str, object]) -> bytes:
    """Serialise a checked request for upstream.

    Raises:
        InvalidRequestError: It has a lone surrogate, which is no Unicode.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError:
        raise _invalid() from None


def as_object(value: object, param: str | None) -> dict[str, object]:
    """Require an object; `param` names it, or is `None` for the body itself.

    Raises:
        InvalidRequestError: It is something else.
    """
    if not isinstance(value, dict):
        raise InvalidRequestError(f"{param or 'The request body'} must be a JSON object.", param=param)
    return value


def as_boolean(value: object, param: str) -> bool:
    """Require a boolean.

    Raises:
        InvalidRequestError: It is something else.
    """
    if not isinstance(value, bool):
        raise InvalidRequestError(f"{param} must be true or false.", param=param)
    return value


def as_count(value: object, param: str, most: int | None = None) -> int:
    """Require a whole number from 1, up to `most` if that is given; 5.0, "5" and true are none.

    Raises:
        InvalidRequestError: It is something else.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1 or (most is not None and value > most):
        upper = "upwards" if most is None else f"to {most:,}"
        raise InvalidRequestError(f"{param} must be a whole number from 1 {upper}.", param=param)
    return value


def known(sent: dict[str, object], names: frozenset[str], param: str) -> dict[str, object]:
    """An object's values that are not null.

    Raises:
        InvalidRequestError: One has a name that is none of `names`.
    """
    values = {name: value for name, value in sent.items() if value is not None}
    for name in values:
        if name not in names:
            raise InvalidRequestError(
                f"{param} has {name[:64]!r}, which is not accepted here.",
                code="unsupported_parameter",
                param=f"{param}.{name[:64]}",
            )
    return values


def _invalid() -> InvalidRequestError:
    return InvalidRequestError("The request's body is not valid JSON in UTF-8.", code="invalid_json")


def _not_json(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _each_name_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name twice")
    return value
