"""A chunked POST with trailers to the Runtime API, which `http.client` alone cannot send."""

import http.client
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

ACCEPTED = 202


class ChunkedPost:
    """One POST request on a connection of its own, sent chunk by chunk.

    Args:
        address: `host:port`, optionally followed by a path that comes before every endpoint.
        endpoint: The path of the request, beginning with a slash.
        headers: Request headers; names of trailers sent by `finish` must be declared in `Trailer`.

    Raises:
        OSError: The Runtime API cannot be reached.
    """

    def __init__(self, address: str, endpoint: str, headers: Mapping[str, str]) -> None:
        host, slash, prefix = address.partition("/")
        self._connection = http.client.HTTPConnection(host)
        self._connection.putrequest("POST", f"{slash}{prefix.rstrip('/')}{endpoint}", skip_accept_encoding=True)
        for name, value in {**headers, "Transfer-Encoding": "chunked"}.items():
            self._connection.putheader(name, value)
        self._connection.endheaders()

    def send(self, *chunks: bytes) -> None:
        """Send non-empty chunks, together in one write."""
        self._connection.send(b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks))

    def finish(self, trailers: Iterable[tuple[str, str]] = ()) -> tuple[int, bytes]:
        """End the body and read the answer.

        Returns:
            Status and body of the answer.
        """
        lines = "".join(f"{name}: {value}\r\n" for name, value in trailers)
        self._connection.send(b"0\r\n%b\r\n" % lines.encode("ascii"))
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()
