"""A JSON document from an issuer, within strict limits of time and size; redirects are not followed."""

import http.client
import json
import time
from urllib.parse import urlsplit

_SECONDS = 3.0
_MAX_BYTES = 256 * 1024
_PIECE_BYTES = 16 * 1024


class FetchError(Exception):
    """The document cannot be had; the message is for the log."""


def fetch_json(url: str) -> dict[str, object]:
    """Get a JSON object.

    Raises:
        FetchError: The server cannot be reached, is too slow, or sends something else.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    connection = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(parts.netloc, timeout=_SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    deadline = time.monotonic() + _SECONDS
    try:
        connection.request("GET", target, headers={"accept": "application/json", "connection": "close"})
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise FetchError(f"status {response.status}")
        value = json.loads(_read(response, deadline))
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        raise FetchError(type(error).__name__) from None
    finally:
        connection.close()
    if not isinstance(value, dict):
        raise FetchError("not a JSON object")
    return value


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    body = b""
    while piece := response.read1(_PIECE_BYTES):
        body += piece
        if len(body) > _MAX_BYTES:
            raise FetchError("too long")
        if time.monotonic() > deadline:
            raise FetchError("too slow")
    return body
