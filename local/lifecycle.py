"""The life of one execution environment: what it is doing, for which invocation, and for how long it may."""

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum

from local.invocation import Failure, Invocation

_INIT_SECONDS = 10.0


class State(StrEnum):
    """What an execution environment is doing."""

    STARTING = "starting"
    IDLE = "idle"  # waits for the next invocation
    BUSY = "busy"  # has one, has not answered yet
    RESPONDING = "responding"
    FINISHING = "finishing"  # has answered, has not asked for the next one yet
    FAILED = "failed"


class Lifecycle:
    """Made when the process starts; `end` when it has ended.

    Args:
        timeout_seconds: How long one invocation may take.
        kill: Ends the process; called when it took longer.
        report: Takes a line for the log about an invocation that failed.

    Attributes:
        state: What the environment is doing.
        current: The invocation it is doing it for; stays until the next one.
        settled: Set while nothing can be gained by waiting: it is idle, or will never be.
    """

    def __init__(self, timeout_seconds: float, kill: Callable[[], None], report: Callable[[str], None]) -> None:
        self.state = State.STARTING
        self.current: Invocation | None = None
        self.settled = asyncio.Event()
        self._timeout = timeout_seconds
        self._kill = kill
        self._report = report
        self._poll: tuple[asyncio.Future[None], Callable[[], bool]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timed_out: Failure | None = None
        self._deadline = 0.0
        self._allow(max(_INIT_SECONDS, timeout_seconds), "Init")

    @property
    def is_free(self) -> bool:
        """Whether an invocation may be offered: the runtime waits for one and its connection is alive."""
        return self.state is State.IDLE and self._poll is not None and self._poll[1]()

    @property
    def deadline_ms(self) -> int:
        """When the current invocation's time is over, in milliseconds since the epoch."""
        return int(self._deadline * 1000)

    def offer(self, invocation: Invocation) -> None:
        """Give the next invocation to an environment that is free or still starting."""
        self.current = invocation
        if self._poll:
            self.state = State.BUSY
            self.settled.clear()
            self._poll[0].set_result(None)
            self._poll = None

    async def next_invocation(self, is_alive: Callable[[], bool]) -> Invocation:
        """Wait for the next invocation; its time runs from here. One that is not answered yet is given again.

        Args:
            is_alive: Whether the connection that waits is still open.
        """
        if self.state is State.BUSY and self.current:
            return self.current
        self._allow(None)
        if self.state is not State.STARTING or self.current is None:
            if self._poll:
                self._poll[0].cancel()  # the runtime asks again on a new connection
            poll = asyncio.get_running_loop().create_future()
            self._poll = poll, is_alive
            self.state = State.IDLE
            self.settled.set()
            await poll
        self.state = State.BUSY
        self._allow(self._timeout)
        self._deadline = time.time() + self._timeout
        assert self.current is not None  # noqa: S101  # offer() ended the wait
        return self.current

    async def fail(self, failure: Failure) -> None:
        """The current invocation failed: with this, or because its time was over."""
        if self.current and not self.current.is_over:
            if not self._timed_out:
                self.report(failure)
            await self.current.fail(self._timed_out or failure)

    def report(self, failure: Failure) -> None:
        """Put an error of the current invocation into the log."""
        request_id = self.current.request_id if self.current else "-"
        self._report(f"RequestId: {request_id} Error: {failure.kind} {failure.message}".rstrip())

    async def end(self, failure: Failure) -> None:
        """The process has ended, and so has its invocation."""
        self._allow(None)
        self.state = State.FAILED
        self.settled.set()
        await self.fail(failure)

    def _allow(self, seconds: float | None, what: str = "Task") -> None:
        """Let the process live for so long from now on; None: for ever."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._time_out, seconds, what)

    def _time_out(self, seconds: float, what: str) -> None:
        self._timed_out = Failure("Sandbox.Timedout", f"{what} timed out after {seconds:.2f} seconds")
        self.report(self._timed_out)
        self._kill()
