"""One invocation of the function: its event, and where its answer goes."""

import asyncio
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


class Answer(Protocol):
    """Takes what the function sends, as it sends it. Never raises for a client that has gone."""

    async def begin(self, content_type: str, *, streaming: bool) -> None:
        """The function starts its answer."""

    async def write(self, data: bytes) -> None:
        """The next bytes, not empty; returns when the next may come."""

    async def end(self) -> None:
        """The answer is complete."""

    async def fail(self, failure: Failure) -> None:
        """There will be no (further) answer."""


@dataclass(eq=False)
class Invocation:
    """One invocation.

    Attributes:
        event: The JSON document the function gets.
        answer: Where its answer goes.
        request_id: `context.aws_request_id`.
        invocation_id: Tells this delivery of the event from another of the same request.
        done: Set when the answer has ended, one way or the other.
        is_over: Whether it has, or is about to.
    """

    event: bytes
    answer: Answer
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    invocation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    done: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    async def write(self, data: bytes) -> None:
        """Pass a chunk on; ignored after the end."""
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
