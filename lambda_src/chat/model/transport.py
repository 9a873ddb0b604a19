"""How requests get to the model's service and answers back."""

import time
from collections.abc import Mapping
from typing import Protocol

from chat.http1.framing import ProtocolError
from chat.http1.response import left_until

MAX_ANSWER_BYTES = 16 * 1024 * 1024  # of one that is not streamed: 128k tokens with their log probabilities fit


class BrokenOffError(ProtocolError):
    """The body of an answer did not come to its end."""


class ReportedError(Exception):
    """The service reports an error in an answer that has begun well.

    Attributes:
        status: What its status would have been.
        body: What it says, as in an answer with that status.
    """

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body


class HttpAnswer(Protocol):
    """A response whose head has come."""

    @property
    def status(self) -> int:
        """HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in lower case."""

    def read(self, seconds: float, /) -> bytes | None:
        """The next piece of the body, or `None` at its end.

        Raises:
            TimeoutError: Nothing came in this time.
            OSError: The connection broke.
            ProtocolError: The body is broken, or was cut.
            ReportedError: The service says in it that it failed.
        """

    def close(self) -> None:
        """Let go of the connection; harmless when that is done."""


class Transport(Protocol):
    """Something that can POST."""

    def post(self, path: str, headers: Mapping[str, str], body: bytes, seconds: float, /) -> HttpAnswer:
        """Send a request and wait for the head of its response.

        Raises:
            ConnectTimeoutError: No connection came about in time.
            TimeoutError: The answer took longer than `seconds`.
            OSError: The server cannot be reached, or the connection broke.
            ProtocolError: The answer is not HTTP/1.1, or there was none.
        """


def rest_of(answer: HttpAnswer, limit: int, seconds: float, into: bytearray) -> None:
    """Read a body to its end, or until more than `limit` bytes of it are there.

    Raises:
        TimeoutError: It took longer than `seconds`; what has come until then is in `into`.
        OSError: The connection broke; likewise.
        ProtocolError: The body is broken, or was cut; likewise.
    """
    deadline = time.monotonic() + seconds
    while len(into) <= limit and (piece := answer.read(left_until(deadline))) is not None:
        into += piece
