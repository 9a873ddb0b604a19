"""A connection to one server, over TCP or TLS."""

import functools
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Self
from urllib.parse import urlsplit

from chat.http1.response import Response

_READ_BYTES = 65536
_PORTS = {"http": 80, "https": 443}


_making = threading.Lock()


def _tls() -> ssl.SSLContext:
    with _making:  # threads that get ready at the same time would each read the whole list of authorities
        return _context()


@functools.cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class Connection:
    """Carries one request at a time.

    Args:
        base_url: Of the server; paths of requests come after its path.
        connect_seconds: How long connecting may take.

    Raises:
        TimeoutError: It took longer.
        OSError: The server cannot be reached, or its certificate is not valid.
    """

    def __init__(self, base_url: str, connect_seconds: float) -> None:
        parts = urlsplit(base_url)
        self._host = parts.netloc.rpartition("@")[2]
        self._path = parts.path.rstrip("/")
        address = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        self._socket = socket.create_connection(address, connect_seconds)
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if parts.scheme == "https":
                self._socket = _tls().wrap_socket(self._socket, server_hostname=parts.hostname)
        except BaseException:
            self._socket.close()
            raise
        self._used = time.time()  # by other clocks, a frozen Lambda environment may miss time

    def post(self, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Response:
        """Send a request and wait for the head of its response.

        Args:
            path: Beginning with a slash, or empty.
            headers: All but Host and Content-Length.
            body: The body.
            seconds: How long each of the two may take.

        Raises:
            TimeoutError: It took longer.
            OSError: The connection broke.
            ProtocolError: The answer is not HTTP/1.1, or there was none.
            ValueError: A header has characters that would end it.
        """
        return self._request("POST", path, {**headers, "Content-Length": str(len(body))}, body, seconds)

    def get(self, path: str, headers: Mapping[str, str], seconds: float) -> Response:
        """As `post`, without a body."""
        return self._request("GET", path, headers, b"", seconds)

    def idle_seconds(self) -> float:
        """How long it has not been used; infinite if the server has closed it."""
        try:
            self._socket.settimeout(0)
            self._socket.recv(1)  # nothing may come now, but TLS may have had something to say to itself
        except (BlockingIOError, ssl.SSLWantReadError):
            return time.time() - self._used
        except OSError:
            pass
        return float("inf")

    def close(self) -> None:
        """Close it; harmless when it is closed."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _request(self, method: str, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Response:
        lines = [f"{method} {self._path + path or '/'} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a line end within a header")
        self._socket.settimeout(seconds)
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        return Response.after_head(self._receive, seconds)

    def _receive(self, seconds: float) -> bytes:
        if seconds != self._socket.gettimeout():
            self._socket.settimeout(seconds)
        data = self._socket.recv(_READ_BYTES)
        self._used = time.time()
        return data
