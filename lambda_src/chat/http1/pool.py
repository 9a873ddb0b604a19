"""The one connection that is kept to a server between requests."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from chat.http1.connection import Connection
from chat.http1.framing import ProtocolError
from chat.http1.response import Response

# Longer and a firewall between may have forgotten the connection without a word; load balancers close after 60 s.
_KEEP_SECONDS = 55.0


class Exchange:
    """A response and the connection that it comes over.

    Args:
        response: Its head has come.
        end: Takes the connection back.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        read: As `Response.read`.
        read_all: As `Response.read_all`.
    """

    def __init__(self, response: Response, end: Callable[[], None]) -> None:
        self.status = response.status
        self.headers = response.headers
        self.read = response.read
        self.read_all = response.read_all
        self._end: Callable[[], None] | None = end

    def close(self) -> None:
        """Keep the connection if the body was read to its end, else hang up, which asks the server to stop."""
        if self._end is not None:
            end, self._end = self._end, None
            end()


class Pool:
    """Connections to one server: a kept one if there is one, else new ones.

    Args:
        url: The server's, as for `Connection`.
        connect_seconds: As for `Connection`.
        clock: POSIX seconds, as for `Connection`.
    """

    def __init__(self, url: str, connect_seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._connect_seconds = connect_seconds
        self._clock = clock
        self._kept: Connection | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Connect before the first request; whoever takes a connection meanwhile waits for this one."""
        with self._lock, suppress(OSError):
            if self._kept is None:
                self._kept = self._connect()

    def forget(self) -> None:
        """Close the kept connection."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
                self._kept = None

    def post(self, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Exchange:
        """Send a request and wait for the head of its response.

        It is sent a second time only if a kept connection proves dead before any byte of an answer: the server has
        closed it meanwhile. On a new connection the server may have acted on it, and what a model does is paid for.

        Raises:
            TimeoutError: Connecting, or the answer, took too long.
            OSError: The server cannot be reached, or the connection broke.
            ProtocolError: The answer is not HTTP/1.1, or there was none.
            ValueError: A header has characters that would end it.
        """
        if (kept := self._take()) is not None:
            try:
                return self._post(kept, path, headers, body, seconds)
            except TimeoutError:
                raise
            except (OSError, ProtocolError):
                if kept.has_heard:
                    raise
        return self._post(self._connect(), path, headers, body, seconds)

    def _post(
        self, connection: Connection, path: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> Exchange:
        try:
            response = connection.post(path, headers, body, seconds)
        except BaseException:
            connection.close()
            raise
        return Exchange(response, lambda: self._give_back(connection, response))

    def _connect(self) -> Connection:
        return Connection(self._url, self._connect_seconds, self._clock)

    def _take(self) -> Connection | None:
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None and kept.idle_seconds() >= _KEEP_SECONDS:
            kept.close()
            return None
        return kept

    def _give_back(self, connection: Connection, response: Response) -> None:
        with self._lock:
            if self._kept is None and response.is_reusable:
                self._kept = connection
                return
        connection.close()
