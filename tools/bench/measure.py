"""The measurements: in rounds, every contender once in each, so that a busy moment of the machine meets them all."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tools.bench.chat import Chat
from tools.bench.contenders import Contender
from tools.bench.figures import Figures
from tools.bench.process import Running
from tools.bench.rig import Rig
from tools.bench.scripts import SCRIPTS

_CHATS = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each figure is taken."""

    cold: int = 21
    warm: int = 21
    cpu: int = 3


FULL = Plan()
QUICK = Plan(cold=3, warm=3, cpu=1)


class Bench:
    """Takes all figures of some contenders.

    Args:
        rig: Starts them.
        contenders: In the order of each round.
        progress: Told what is measured now.
    """

    def __init__(self, rig: Rig, contenders: Sequence[Contender], progress: Callable[[str], None]) -> None:
        self._rig = rig
        self._contenders = contenders
        self._progress = progress
        self.figures = {one.key: Figures(one.label, one.zip_bytes) for one in contenders}

    async def run(self, plan: Plan) -> None:
        """Fill `figures`, in rounds."""
        gc.disable()  # our own pauses would count as theirs
        for contender in self._contenders:
            await self._cold(contender)  # fills the page cache
            self.figures[contender.key].cold.clear()
        for number in range(plan.cold):
            for contender in self._contenders:
                self._progress(f"cold start, run {number + 1} of {plan.cold}: {contender.key}")
                await self._cold(contender)
        for contender in self._contenders:
            self._progress(f"memory: {contender.key}")
            await self._memory(contender)
        async with self._all_running() as running:
            for number in range(plan.warm):
                for key, one in running.items():
                    self._progress(f"latency, run {number + 1} of {plan.warm}: {key}")
                    chat = await one.chat("paced")
                    self.figures[key].first_token.append(chat.first_token_ms)
                    self.figures[key].first_token_back.append(chat.token_ms[0])
                    self.figures[key].token += chat.token_ms
            for number in range(plan.cpu):
                for key, one in running.items():
                    self._progress(f"CPU, run {number + 1} of {plan.cpu}: {key}")
                    self.figures[key].cpu_single.append(await _cpu(one, "single", 1))
                    self.figures[key].cpu_burst.append(await _cpu(one, "burst", 2))
                    gc.collect()

    async def _cold(self, contender: Contender) -> None:
        chat = Chat()
        running = self._rig.start(contender)
        try:
            await running.chat("cold", chat)
        finally:
            await running.stop()
        self.figures[contender.key].cold.append(chat.first_token_ms)

    async def _memory(self, contender: Contender) -> None:
        running = self._rig.start(contender)
        try:
            for _ in range(_CHATS):
                await running.chat("short")
            self.figures[contender.key].peak_rss_mb.append(running.peak_rss_mb)
        finally:
            await running.stop()

    @asynccontextmanager
    async def _all_running(self) -> AsyncIterator[dict[str, Running]]:
        running = {one.key: self._rig.start(one) for one in self._contenders}
        try:
            for one in running.values():
                for _ in range(5):
                    await one.chat("short")
            yield running
        finally:
            for one in running.values():
                await one.stop()


async def _cpu(running: Running, model: str, chats: int) -> float:
    before = running.cpu_seconds
    for _ in range(chats):
        await running.chat(model)
    return (running.cpu_seconds - before) * 1000 / (chats * SCRIPTS[model].tokens / 1000)
