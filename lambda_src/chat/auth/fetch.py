"""A JSON document from an issuer, within strict limits of time and size; redirects are not followed."""

import json
import time
from urllib.parse import urlsplit

from chat.http1.connection import Connection
from chat.http1.failure import reason_of
from chat.http1.framing import ProtocolError
from chat.http1.response import left_until

_SECONDS = 3.0  # from connecting to the last byte
_MAX_BYTES = 256 * 1024


class FetchError(Exception):
    """The document cannot be had; the message is for the log."""


def fetch_json(url: str) -> dict[str, object]:
    """Get a JSON object.

    Raises:
        FetchError: The server cannot be reached, is too slow, or sends something else.
    """
    try:
        value = json.loads(_get(url, time.monotonic() + _SECONDS))
    except (OSError, ProtocolError, ValueError, RecursionError) as error:
        raise FetchError(reason_of(error)) from None
    if not isinstance(value, dict):
        raise FetchError("not a JSON object")
    return value


def _get(url: str, deadline: float) -> bytes:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")  # as it is: a slash at its end counts
    with Connection(f"{parts.scheme}://{parts.netloc}", left_until(deadline)) as connection:
        headers = {"Accept": "application/json", "Connection": "close"}
        response = connection.get(target, headers, left_until(deadline))
        if response.status != 200:  # noqa: PLR2004  # OK
            raise FetchError(f"status {response.status}")
        body = response.read_all(_MAX_BYTES + 1, left_until(deadline))
    if len(body) > _MAX_BYTES:
        raise FetchError("too long")
    return body
