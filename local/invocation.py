"""One invocation of the function: its event, and where its answer goes."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Failure:
    """Why an invocation failed, in Lambda's words, such as `Sandbox.Timedout` or `Runtime.ExitError`."""

    kind: str
    message: str = ""


class ThrottledError(Exception):
    """Every execution environment the function may have is busy."""


class ClientLeftError(Exception):
    """Nobody reads the answer any more, and the function is to learn of it."""


class Answer(Protocol):
    """Takes what the function sends, as it sends it. A client that has gone is no error but for `write`."""

    async def begin(self, content_type: str, *, streaming: bool) -> None:
        """The function starts its answer."""

    async def write(self, data: bytes) -> None:
        """The next bytes, not empty; returns when the next may come.

        Raises:
            ClientLeftError: No more of them.
        """

    async def end(self) -> None:
        """The answer is complete."""

    async def fail(self, failure: Failure) -> None:
        """There will be no (further) answer."""


def _new_trace_id() -> str:
    return f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Parent={uuid.uuid4().hex[:16]};Sampled=0"


@dataclass(eq=False)
class Invocation:
    """One invocation.

    Attributes:
        event: The JSON document the function gets.
        answer: Where its answer goes.
        request_id: `context.aws_request_id`.
        invocation_id: Tells this delivery of the event from another of the same request.
        trace_id: X-Ray's.
        done: Set when the answer has ended, one way or the other.
        is_over: Whether it has, or is about to.
    """

    event: bytes
    answer: Answer
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    invocation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    trace_id: str = field(default_factory=_new_trace_id)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    async def write(self, data: bytes) -> None:
        """Pass a chunk on; ignored after the end. Raises as `Answer.write` does."""
        if not self.is_over:
            await self.answer.write(data)

    async def finish(self) -> None:
        """End the answer; ignored after the end."""
        if not self.is_over:
            self.is_over = True
            await self.answer.end()
            self.done.set()

    async def fail(self, failure: Failure) -> None:
        """End the answer with a failure; ignored after the end."""
        if not self.is_over:
            self.is_over = True
            await self.answer.fail(failure)
            self.done.set()
