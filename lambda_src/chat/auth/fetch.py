"""A JSON document from an issuer, within strict limits of time and size; redirects are not followed."""

import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from chat.http1.connection import Connection
from chat.http1.framing import ProtocolError
from chat.http1.response import Response

_SECONDS = 3.0  # from connecting to the last byte
_MAX_BYTES = 256 * 1024


class FetchError(Exception):
    """The document cannot be had; the message is for the log."""


def fetch_json(url: str) -> dict[str, object]:
    """Get a JSON object.

    Raises:
        FetchError: The server cannot be reached, is too slow, or sends something else.
    """
    deadline = time.monotonic() + _SECONDS

    def left() -> float:
        if (seconds := deadline - time.monotonic()) <= 0:
            raise TimeoutError
        return seconds

    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with Connection(f"{parts.scheme}://{parts.netloc}", left()) as connection:
            response = connection.get(target, {"Accept": "application/json", "Connection": "close"}, left())
            if response.status != 200:  # noqa: PLR2004  # OK
                raise FetchError(f"status {response.status}")
            value = json.loads(_body(response, left))
    except (OSError, ProtocolError, ValueError, RecursionError) as error:
        raise FetchError(type(error).__name__) from None
    if not isinstance(value, dict):
        raise FetchError("not a JSON object")
    return value


def _body(response: Response, left: Callable[[], float]) -> bytes:
    body = b""
    while (piece := response.read(left())) is not None:
        body += piece
        if len(body) > _MAX_BYTES:
            raise FetchError("too long")
    return body
