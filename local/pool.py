"""As many execution environments as there are concurrent requests, up to a limit; idle ones are used again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from local.environment import Environment, Function
from local.invocation import Answer, Invocation, ThrottledError
from local.lifecycle import State
from local.reaper import Reaper

_GRACE_SECONDS = 0.25

Log = Callable[[int, str], None]


@dataclass(frozen=True)
class Snapshot:
    """An execution environment at one moment: the number it has in the log, its process, what it is doing."""

    id: int
    pid: int
    state: State


class Pool:
    """Runs invocations, each in an environment that has no other.

    Args:
        function: What to start.
        limit: How many environments there may be.
        log: Takes an environment's number and a line it printed.
        reaper: Ends the processes should we be killed.
    """

    def __init__(self, function: Function, limit: int, log: Log, reaper: Reaper) -> None:
        self._function = function
        self._limit = limit
        self._log = log
        self._reaper = reaper
        self._started = 0
        self._running: dict[Environment, asyncio.Task[None]] = {}

    def snapshots(self) -> list[Snapshot]:
        """The environments that are alive."""
        return [Snapshot(one.number, one.pid, one.life.state) for one in self._running]

    async def invoke(self, event: bytes, answer: Answer) -> Invocation:
        """Begin an invocation.

        Raises:
            ThrottledError: All environments are busy, and there may not be more.
        """
        invocation = Invocation(event, answer)
        environment = await self._free_environment() or self._start()
        environment.life.offer(invocation)
        return invocation

    async def close(self) -> None:
        """Kill all environments and wait for their end."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _free_environment(self) -> Environment | None:
        """One that is idle, or will be in a moment: a client that asks again at once gets the same one."""
        give_up = asyncio.get_running_loop().time() + _GRACE_SECONDS
        while True:
            for environment in self._running:
                if environment.life.is_free:
                    return environment
            finishing = [one.life.settled for one in self._running if one.life.state is State.FINISHING]
            remaining = give_up - asyncio.get_running_loop().time()
            if not finishing or remaining <= 0:
                return None
            waits = [asyncio.create_task(settled.wait()) for settled in finishing]
            await asyncio.wait(waits, timeout=remaining, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()

    def _start(self) -> Environment:
        if len(self._running) >= self._limit:
            raise ThrottledError
        self._started += 1
        number = self._started
        environment = Environment(number, self._function, lambda line: self._log(number, line), self._reaper)
        task = asyncio.create_task(environment.run())
        self._running[environment] = task
        task.add_done_callback(lambda _: self._running.pop(environment))
        return environment
