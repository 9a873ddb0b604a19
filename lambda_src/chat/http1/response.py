"""One response: its head, then its body piece by piece, each waited for only so long."""

import re
import time
from collections.abc import Callable
from typing import Self

from chat.http1.framing import Chunked, Framing, ProtocolError, Sized, UntilClose

_MAX_HEAD_BYTES = 65536
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: .*)?")
_BODILESS = frozenset({204, 304})


class Response:
    """A response whose head has come.

    Args:
        minor: Of its HTTP version.
        status: Its status.
        headers: Names in lower case.
        rest: What has come of the body with the head.
        receive: Waits so many seconds for the next bytes; empty at the end of the connection.

    Attributes:
        status: Its status.
        headers: Names in lower case.
    """

    def __init__(
        self, minor: int, status: int, headers: dict[str, str], rest: bytes, receive: Callable[[float], bytes]
    ) -> None:
        self.status = status
        self.headers = headers
        self._framing = _framing(status, headers)
        self._keeps_open = minor > 0 and headers.get("connection", "").lower() != "close"
        self._rest = rest
        self._receive = receive

    @classmethod
    def after_head(cls, receive: Callable[[float], bytes], seconds: float) -> Self:
        """Wait for a response's head.

        Raises:
            TimeoutError: It did not come in this time.
            OSError: The connection broke.
            ProtocolError: It is not HTTP/1.1, or the server closed the connection.
        """
        deadline = time.monotonic() + seconds
        buffer = b""
        while True:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(buffer) > _MAX_HEAD_BYTES:
                    raise ProtocolError("a head that is too long")
                data = receive(max(0.001, deadline - time.monotonic()))
                if not data:
                    raise ProtocolError("closed instead of an answer")
                buffer += data
                continue
            first, *lines = buffer[:end].split(b"\r\n")
            buffer = buffer[end + 4 :]
            status_line = _STATUS_LINE.fullmatch(first)
            if not status_line:
                raise ProtocolError("no status line")
            if (status := int(status_line[2])) >= 200:  # noqa: PLR2004  # below are interim answers
                return cls(int(status_line[1]), status, _headers(lines), buffer, receive)

    @property
    def is_reusable(self) -> bool:
        """Whether the connection can carry another request: the body has come to its own end."""
        return self._keeps_open and self._framing.complete and not self._rest

    def read(self, seconds: float) -> bytes | None:
        """The next piece of the body, or `None` at its end.

        Raises:
            TimeoutError: Nothing came in this time; it may be called again.
            OSError: The connection broke.
            ProtocolError: The body is broken, or was cut.
        """
        while not self._framing.complete:
            data, self._rest = self._rest or self._receive(seconds), b""
            if not data:
                self._framing.close()
            elif piece := self._framing.feed(data):
                return piece
        return None

    def read_all(self, limit: int, seconds: float) -> bytes:
        """The body as one.

        Args:
            limit: The most bytes of it that are given.
            seconds: How long all of it may take.

        Raises:
            TimeoutError: It took longer.
            OSError: The connection broke.
            ProtocolError: The body is broken, or was cut.
        """
        deadline = time.monotonic() + seconds
        body = b""
        while len(body) < limit and (piece := self.read(max(0.001, deadline - time.monotonic()))) is not None:
            body += piece
        return body[:limit]


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            raise ProtocolError("a header line that is none")
        key = name.lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    return headers


def _framing(status: int, headers: dict[str, str]) -> Framing:
    if status in _BODILESS:
        return Sized(0)
    if coding := headers.get("transfer-encoding"):
        if coding.lower() != "chunked":
            raise ProtocolError("an unknown transfer coding")
        return Chunked()
    if (length := headers.get("content-length")) is None:
        return UntilClose()
    if not (length.isascii() and length.isdecimal()):
        raise ProtocolError("a length that is none")
    return Sized(int(length))
