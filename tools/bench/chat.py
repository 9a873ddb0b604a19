"""One chat with a contender: the request, and when each of its tokens arrived."""

import json
import re
import time
from dataclasses import dataclass, field

from local.invocation import Failure

_MARK = re.compile(rb"@(\d{18})@|#(\d{18})#")
_MARK_BYTES = 20


class BenchError(Exception):
    """A contender did not do what is measured."""


def request_body(model: str) -> bytes:
    """The chat-completion request that every contender gets."""
    return json.dumps({"model": model, "messages": [{"role": "user", "content": "Hello"}], "stream": True}).encode()


def function_url_event(model: str) -> bytes:
    """The same as a Function URL's event."""
    path = "/v1/chat/completions"
    http = {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "bench"}
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "bench.lambda-url.us-east-1.on.aws"},
        "requestContext": {"http": http, "requestId": "bench", "stage": "$default", "timeEpoch": 0},
        "body": request_body(model).decode(),
        "isBase64Encoded": False,
    }
    return json.dumps(event).encode()


@dataclass
class Chat:
    """What came of one chat; takes the contender's answer as Lambda's Runtime API or an HTTP client gets it.

    Times are nanoseconds of CLOCK_MONOTONIC.

    Attributes:
        asked: When the request was handed over, or the process started.
        received: When upstream had the request.
        written: When upstream wrote each token.
        arrived: When each token had arrived here.
        error: Why it failed, if it did.
    """

    asked: int = field(default_factory=time.monotonic_ns)
    received: int = 0
    written: list[int] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    error: str = ""
    _rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the answer."""
        now = time.monotonic_ns()
        buffer = self._rest + data
        end = max(0, len(buffer) - _MARK_BYTES)
        for mark in _MARK.finditer(buffer):
            end = max(end, mark.end())
            if mark[1]:
                self.written.append(int(mark[1]))
                self.arrived.append(now)
            else:
                self.received = int(mark[2])
        self._rest = buffer[end:]

    @property
    def first_token_ms(self) -> float:
        """From `asked` to the first token, less what upstream took for it."""
        return (self.arrived[0] - self.asked - (self.written[0] - self.received)) / 1e6

    @property
    def token_ms(self) -> list[float]:
        """For each token, from upstream's writing to its arrival."""
        return [(arrived - written) / 1e6 for written, arrived in zip(self.written, self.arrived, strict=True)]

    # The part of local's `Answer` that a Runtime API calls.

    async def begin(self, content_type: str, *, streaming: bool) -> None:
        """The answer starts."""

    async def write(self, data: bytes) -> None:
        """The next bytes."""
        self.feed(data)

    async def end(self) -> None:
        """The answer is complete."""

    async def fail(self, failure: Failure) -> None:
        """The invocation failed."""
        self.error = f"{failure.kind} {failure.message}"
