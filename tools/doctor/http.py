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
    """Nobody answers, or nobody can be asked; the message says why, without the address or what was sent."""


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    Attributes:
        headers: By name in lower case.
        pieces: The body as it came: seconds after the request, and what came then.
    """

    status: int
    headers: dict[str, str]
    pieces: list[tuple[float, bytes]]

    @property
    def body(self) -> bytes:
        """All pieces together."""
        return b"".join(piece for _, piece in self.pieces)

    def json(self) -> Any:  # noqa: ANN401  # whatever JSON holds
        """The body as JSON, None if it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def address_fault(url: str) -> str | None:
    """What makes an address unusable, without repeating it: it may hold a password. None if nothing does."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "its address or port cannot be read (a port is a number up to 65535)"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "its address does not begin with http:// or https:// and a name"
    if parts.username is not None or parts.password is not None:
        return "its address holds a user or password, which do not belong there"
    return "its port is 0" if port == 0 else None


def shown(url: str) -> str:
    """An address as it may be printed: without the user and the password that it may hold."""
    before, scheme, rest = url.rpartition("://")
    authority, slash, path = rest.partition("/")
    return f"{before}{scheme}{authority.rpartition('@')[2]}{slash}{path}"


def ask(url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None, seconds: float = 60) -> Answer:
    """Ask, GET or with a body POST, and follow no redirect.

    Raises:
        UnreachableError: There was no answer, or not a whole one, or the address is none.
    """
    if fault := address_fault(url):
        raise UnreachableError(fault)
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
