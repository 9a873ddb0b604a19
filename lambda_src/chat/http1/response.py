"""One response: its head, then its body piece by piece, each waited for only so long."""

import time
from collections.abc import Callable
from typing import Self

from chat.http1.framing import Chunked, Framing, ProtocolError, Sized, UntilClose
from chat.http1.head import Head

_BODILESS = frozenset({204, 304})


class Response:
    """A response whose head has come.

    Args:
        head: What the response begins with.
        rest: What has come of the body with the head.
        receive: Waits so many seconds for the next bytes; empty at the end of the connection.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
    """

    def __init__(self, head: Head, rest: bytes, receive: Callable[[float], bytes]) -> None:
        self.status = head.status
        self.headers = head.headers
        self._framing = _framing(head)
        self._keeps_open = head.keeps_open
        self._rest = rest
        self._receive = receive

    @classmethod
    def after_head(cls, receive: Callable[[float], bytes], seconds: float) -> Self:
        """Wait for a response's head.

        Raises:
            TimeoutError: It did not come in this time, though some of its bytes may have.
            OSError: The connection broke.
            ProtocolError: It is not HTTP/1.1, or the server closed the connection.
        """
        deadline = time.monotonic() + seconds
        buffer = b""
        while True:
            found = Head.take(buffer)
            if found is None:
                data = receive(left_until(deadline))
                if not data:
                    raise ProtocolError("closed instead of an answer")
                buffer += data
                continue
            head, buffer = found
            if head.status >= 200:  # noqa: PLR2004  # below are interim answers
                return cls(head, buffer, receive)

    @property
    def is_reusable(self) -> bool:
        """Whether the connection can carry another request: the body has come to its own end, and nothing after it.

        Not after a status that has no body: from a server that sends one all the same, its first bytes may come later,
        and would be taken for the next answer.
        """
        return (
            self.status not in _BODILESS
            and self._keeps_open
            and self._framing.complete
            and not self._framing.final
            and not self._rest
        )

    def read(self, seconds: float) -> bytes | None:
        """The next piece of the body, or `None` at its end.

        Raises:
            TimeoutError: Nothing of the body came in this time, though some of its framing may have; it may be called
                again.
            OSError: The connection broke.
            ProtocolError: The body is broken, or was cut.
        """
        deadline = time.monotonic() + seconds
        while not self._framing.complete:
            data, self._rest = self._rest or self._receive(seconds), b""
            if not data:
                self._framing.close()
            elif piece := self._framing.feed(data):
                return piece
            elif not self._framing.complete:
                seconds = left_until(deadline)
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
        pieces: list[bytes] = []
        wanted = limit
        while wanted > 0 and (piece := self.read(left_until(deadline))) is not None:
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)[:limit]


def left_until(deadline: float) -> float:
    """The seconds until then, on `time.monotonic`'s clock.

    Raises:
        TimeoutError: There are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _framing(head: Head) -> Framing:
    if head.status in _BODILESS:
        return Sized(0)
    if head.is_chunked:
        return Chunked()
    return UntilClose() if head.length is None else Sized(head.length)
