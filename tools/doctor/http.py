"""One HTTP request at a time, read piece by piece, with nothing of it in an error's text."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_PIECE_BYTES = 65536


class UnreachableError(Exception):
    """Nobody answers; the message says how it failed, without the address's credentials or what was sent."""


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    Attributes:
        status: HTTP's.
        headers: By name in lower case.
        pieces: The body as it came: seconds after the request, and what came then.
    """

    status: int
    headers: dict[str, str]
    pieces: list[tuple[float, bytes]]

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(piece for _, piece in self.pieces)

    def json(self) -> Any:  # noqa: ANN401  # whatever JSON holds
        """The body as JSON, None if it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def ask(url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None, seconds: float = 60) -> Answer:
    """Ask, GET or with a body POST, and follow no redirect.

    Raises:
        UnreachableError: There was no answer, or not a whole one.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    start = time.monotonic()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET" if body is None else "POST", path, body, dict(headers or {}))
        response = connection.getresponse()
        pieces = []
        while piece := response.read1(_PIECE_BYTES):
            pieces.append((time.monotonic() - start, piece))
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, pieces)
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(getattr(error, "strerror", None) or type(error).__name__) from error
    finally:
        connection.close()
