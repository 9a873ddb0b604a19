"""JSON from a client, as values of the types they should have."""

import json
from typing import NoReturn

from chat.errors import InvalidRequestError


def json_object(body: bytes) -> dict[str, object]:
    """Parse a request body.

    Raises:
        InvalidRequestError: It is not a JSON object in UTF-8, or has what cannot be sent on: NaN, a lone surrogate.
    """
    try:
        text = body.decode()
        value = json.loads(text, parse_constant=_not_json)
        json.dumps(value, ensure_ascii=False).encode()  # lone surrogates cannot be sent upstream
    except (ValueError, RecursionError):
        raise InvalidRequestError("The request's body is not valid JSON in UTF-8.", code="invalid_json") from None
    return as_object(value, None)


def _not_json(name: str) -> NoReturn:
    raise ValueError(name)


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
