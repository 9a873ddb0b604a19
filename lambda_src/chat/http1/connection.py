"""A connection to one server, over TCP or TLS."""

import functools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import Self

from chat.http1.address import Address
from chat.http1.failure import ConnectTimeoutError
from chat.http1.framing import ProtocolError
from chat.http1.response import Response, left_until

_READ_BYTES = 65536

_making = threading.Lock()


def tls() -> ssl.SSLContext:
    """How servers are checked; made once."""
    with _making:  # threads that get ready at the same time would each read the whole list of authorities
        return _context()


@functools.cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class Connection:
    """Carries one request at a time.

    Args:
        url: Of the server; paths of requests come after its path, its query after each of them.
        connect_seconds: How long connecting may take, to all of the host's addresses together; the resolver has a
            time-out of its own.
        clock: POSIX seconds. The wall clock: by others, a frozen Lambda environment may miss time.

    Attributes:
        has_heard: Whether anything has come since the last request.

    Raises:
        ConnectTimeoutError: It took longer.
        OSError: The server cannot be reached, or its certificate is not valid.
    """

    def __init__(self, url: str, connect_seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._address = Address(url)
        self._clock = clock
        try:
            self._socket = _connect(self._address, connect_seconds)
        except ConnectTimeoutError:
            raise
        except TimeoutError:
            raise ConnectTimeoutError from None
        self._used = clock()
        self.has_heard = False

    def post(self, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Response:
        """Send a request and wait for the head of its response.

        Args:
            path: Beginning with a slash, or empty.
            headers: All but Host and Content-Length.
            body: What is sent.
            seconds: How long both together may take.

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
        """How long it has not been used; infinite if the server has closed it, or has said what nobody asked for."""
        try:
            self._socket.settimeout(0)
            self._socket.recv(1)  # nothing may come now, but TLS may have had something to say to itself
        except (BlockingIOError, ssl.SSLWantReadError):
            return self._clock() - self._used
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
        lines = [f"{method} {self._address.target(path)} HTTP/1.1", f"Host: {self._address.name}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a line end within a header")
        deadline = time.monotonic() + seconds
        self.has_heard = False
        try:
            self._send("\r\n".join([*lines, "", ""]).encode("latin-1") + body, deadline)
        except TimeoutError:
            raise
        except OSError as broken:
            # Whoever refuses a request before all of it has come closes the connection, with its reason sent before.
            try:
                return Response.after_head(self._receive, deadline - time.monotonic())
            except (OSError, ProtocolError):
                raise broken from None
        return Response.after_head(self._receive, deadline - time.monotonic())

    def _send(self, data: bytes, deadline: float) -> None:
        unsent = memoryview(data)
        while unsent:
            self._socket.settimeout(left_until(deadline))
            unsent = unsent[self._socket.send(unsent) :]

    def _receive(self, seconds: float) -> bytes:
        if seconds != self._socket.gettimeout():
            self._socket.settimeout(seconds)
        data = self._socket.recv(_READ_BYTES)
        self._used = self._clock()
        if data:
            self.has_heard = True
        return data


def _connect(address: Address, seconds: float) -> socket.socket:
    deadline = time.monotonic() + seconds
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from None
    failed: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
    for position, (family, kind, protocol, _, where) in enumerate(found):
        share = left_until(deadline) / (len(found) - position)  # one that is silent leaves time for the others
        connecting = socket.socket(family, kind, protocol)
        try:
            connecting.settimeout(share)
            connecting.connect(where)
            break
        except OSError as error:
            connecting.close()
            failed = error
    else:
        raise failed
    try:
        connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if address.is_secure:
            connecting.settimeout(left_until(deadline))
            return tls().wrap_socket(connecting, server_hostname=address.host)
    except BaseException:
        connecting.close()
        raise
    return connecting
