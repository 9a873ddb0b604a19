"""A chunked POST with trailers to the Runtime API: what `http.client` cannot send, and need not be imported for."""

import math
import re
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

_ACCEPTED = frozenset({200, 202})  # Lambda answers 202, cargo-lambda 200
_TRUNCATED = b'"TruncatedHTTPRequest"'  # by the client: what we send ourselves is complete
_READ_BYTES = 65536
_SHOWN_BYTES = 300  # of a refusal, in the log
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})")


class RefusedError(Exception):
    """The Runtime API did not accept what was posted; the message has its answer."""


def connect(address: str) -> socket.socket:
    """Connect to the Runtime API.

    Args:
        address: `host:port`, optionally followed by a path.

    Raises:
        OSError: It cannot be reached.
    """
    netloc = address.partition("/")[0]
    host, colon, port = netloc.rpartition(":")
    connection = socket.create_connection((host.strip("[]"), int(port)) if colon else (netloc, 80))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def is_open(connection: socket.socket) -> bool:
    """Whether the other side of an unused connection has not closed it."""
    connection.settimeout(0)
    try:
        connection.recv(1)
    except BlockingIOError:
        return True
    except OSError:
        return False
    else:
        return False  # its end, or something nobody has asked for
    finally:
        connection.settimeout(None)


class ChunkedPost:
    """One POST request on a connection of its own, sent chunk by chunk.

    Args:
        connection: Unused; closed in the end.
        address: `host:port`, optionally followed by a path that comes before every endpoint.
        endpoint: The path of the request, beginning with a slash.
        headers: Request headers; names of trailers sent by `finish` must be declared in `Trailer`.
        until: When waiting for whoever reads the response ends, in POSIX seconds.
    """

    def __init__(
        self, connection: socket.socket, address: str, endpoint: str, headers: Mapping[str, str], until: float
    ) -> None:
        netloc, slash, prefix = address.partition("/")
        lines = [f"POST {slash}{prefix.rstrip('/')}{endpoint} HTTP/1.1", f"Host: {netloc}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += ["Transfer-Encoding: chunked", "Connection: close", "", ""]
        self._unsent = "\r\n".join(lines).encode("latin-1")  # goes with the first chunk
        self._socket = connection
        self._until = until

    def send(self, *chunks: bytes) -> None:
        """Send non-empty chunks, together in one write.

        Raises:
            RefusedError: The Runtime API does not want any more, and said so.
            OSError: It went away.
            TimeoutError: It did not take all of it in time.
        """
        framed = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks]
        if self._unsent:
            framed.insert(0, self._unsent)
            self._unsent = b""
        self._write(b"".join(framed) if len(framed) > 1 else framed[0])

    def finish(self, trailers: Iterable[tuple[str, str]] = ()) -> None:
        """End the body and wait until the response was passed on. Raises as `send` does."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in trailers)
        self._write(self._unsent + b"0\r\n%b\r\n" % lines.encode("ascii"))
        self._read_answer()

    def _write(self, data: bytes) -> None:
        try:
            self._send_in_time(data)
        except TimeoutError:
            raise
        except OSError:
            with suppress(OSError):
                self._read_answer()  # says why: a refusal comes before the connection is closed
            raise

    def _send_in_time(self, data: bytes) -> None:
        try:  # at once, as nearly always: a time-out would cost every chunk two more system calls
            sent = self._socket.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            self._limit_waiting()
            self._socket.sendall(memoryview(data)[sent:])
            self._socket.settimeout(None)

    def _limit_waiting(self) -> None:
        self._socket.settimeout(max(0.001, self._until - time.time()) if self._until < math.inf else None)

    def _read_answer(self) -> None:
        self._limit_waiting()
        answer = b""
        while len(answer) < _READ_BYTES and not _is_complete(answer) and (data := self._socket.recv(_READ_BYTES)):
            answer += data
        head, _, body = answer.partition(b"\r\n\r\n")
        status_line = _STATUS_LINE.match(head)
        if not status_line:
            raise RefusedError("the Runtime API closed the connection without an answer")
        if _TRUNCATED in body:
            raise RefusedError("the client left before it was complete")
        if int(status_line[1]) not in _ACCEPTED:
            raise RefusedError(f"the Runtime API answered {status_line[1].decode()} {body[:_SHOWN_BYTES]!r}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._socket.close()


def _is_complete(answer: bytes) -> bool:
    """Whether nothing more comes; an answer without a length ends with the connection."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = _CONTENT_LENGTH.search(head)
    return bool(end and length and len(body) >= int(length[1]))
