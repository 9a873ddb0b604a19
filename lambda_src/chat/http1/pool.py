"""The one connection that is kept to a server between requests."""

import threading

from chat.http1.connection import Connection
from chat.http1.response import Response

# Longer and a firewall between may have forgotten the connection without telling; load balancers close after 60 s.
_KEEP_SECONDS = 55.0


class Pool:
    """Connections to one server: a kept one if there is one, else new ones.

    Args:
        url: The server's.
        connect_seconds: How long connecting may take.
    """

    def __init__(self, url: str, connect_seconds: float) -> None:
        self._url = url
        self._connect_seconds = connect_seconds
        self._kept: Connection | None = None
        self._lock = threading.Lock()

    def connect_ahead(self) -> None:
        """Connect before the first request; whoever takes a connection meanwhile waits for this one.

        Raises:
            OSError: The server cannot be reached.
        """
        with self._lock:
            if self._kept is None:
                self._kept = self.connect()

    def connect(self) -> Connection:
        """A new connection.

        Raises:
            TimeoutError: It took too long.
            OSError: The server cannot be reached.
        """
        return Connection(self._url, self._connect_seconds)

    def take(self) -> Connection:
        """The kept connection if it is still good, else a new one. Raises as `connect`."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None:
            if kept.idle_seconds() < _KEEP_SECONDS:
                return kept
            kept.close()
        return self.connect()

    def give_back(self, connection: Connection, response: Response) -> None:
        """Keep the connection if it can carry another request, else close it.

        Args:
            connection: Taken from here.
            response: The last that came over it.
        """
        with self._lock:
            if self._kept is None and response.is_reusable:
                self._kept = connection
                return
        connection.close()

    def close(self) -> None:
        """Close the kept connection."""
        with self._lock:
            if self._kept is not None:
                self._kept.close()
                self._kept = None
