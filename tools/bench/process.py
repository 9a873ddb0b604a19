"""A contender's processes: started, asked, weighed, stopped."""

import asyncio
import contextlib
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import psutil

from local.environment import Environment, Function
from local.invocation import Invocation
from local.loopback import listen
from local.reaper import Reaper, kill_group
from local.variables import ARN
from tools.bench.chat import BenchError, Chat, function_url_event, request_body
from tools.bench.contenders import Contender
from tools.bench.scripts import SCRIPTS

_TIMEOUT_SECONDS = 60.0
_POLL_SECONDS = 0.002


class Running(ABC):
    """A contender that runs, or starts."""

    pid = 0

    @abstractmethod
    async def chat(self, model: str, chat: Chat | None = None) -> Chat:
        """Have one chat; `chat` is given when its time has begun already."""

    @abstractmethod
    async def stop(self) -> None:
        """End its processes."""

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all its processes so far."""
        return sum(float(sum(process.cpu_times()[:2])) for process in self._processes())

    @property
    def peak_rss_mb(self) -> float:
        """Peak resident memory of its processes, added up; where the system does not tell the peak, the present."""
        return sum(_peak_bytes(process) for process in self._processes()) / 1e6

    def _processes(self) -> list[psutil.Process]:
        own = psutil.Process(self.pid)
        return [own, *own.children(recursive=True)]


def _peak_bytes(process: psutil.Process) -> int:
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{process.pid}/status").read_text()
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            return int(found[1]) * 1024
    return int(process.memory_info().rss)


class RunningLambda(Running):
    """One execution environment that speaks the Runtime API with `local`'s server; no Function URL in between."""

    def __init__(self, contender: Contender, interpreter: Path, variables: Mapping[str, str], reaper: Reaper) -> None:
        self._lines: list[str] = []
        function = Function(contender.task_root, interpreter, variables, ARN, _TIMEOUT_SECONDS)
        self._environment = Environment(1, function, self._lines.append, reaper)
        self._running = asyncio.create_task(self._environment.run())
        self._fresh = True

    async def chat(self, model: str, chat: Chat | None = None) -> Chat:
        """As `Running.chat`."""
        while not (self._fresh or self._environment.life.is_free):  # noqa: ASYNC110  # no event tells of it
            await asyncio.sleep(_POLL_SECONDS)
        self._fresh = False
        chat = chat or Chat()
        invocation = Invocation(function_url_event(model), chat)
        self._environment.life.offer(invocation)
        await asyncio.wait_for(invocation.done.wait(), _TIMEOUT_SECONDS)
        self.pid = self._environment.pid
        return _checked(chat, model, self._lines)

    async def stop(self) -> None:
        """As `Running.stop`."""
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)


class RunningHttp(Running):
    """A server reached over plain HTTP, asked as soon as it listens."""

    def __init__(self, contender: Contender, variables: Mapping[str, str], reaper: Reaper) -> None:
        listeners = listen()
        self._port = listeners[0].getsockname()[1]  # free in a moment
        for listener in listeners:
            listener.close()
        self._contender = contender
        self._variables = variables
        self._reaper = reaper

    async def chat(self, model: str, chat: Chat | None = None) -> Chat:
        """As `Running.chat`."""
        if not self.pid:
            await self._start()
        reader, writer = await self._connect()
        chat = chat or Chat()
        body = request_body(model)
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n"
        writer.write(f"{head}content-type: application/json\r\nconnection: close\r\n\r\n".encode() + body)
        while data := await asyncio.wait_for(reader.read(65536), _TIMEOUT_SECONDS):
            chat.feed(data)
        writer.close()
        return _checked(chat, model, [])

    async def stop(self) -> None:
        """As `Running.stop`."""
        kill_group(self.pid)
        await self._process.wait()
        self._reaper.release(self.pid)

    async def _start(self) -> None:
        command = [word.format(port=self._port) for word in self._contender.command]
        root = self._contender.task_root
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=root, env={**self._variables}, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        self.pid = self._process.pid
        self._reaper.watch(self.pid)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._process.returncode is None:
            try:
                return await asyncio.open_connection("127.0.0.1", self._port)
            except ConnectionRefusedError:
                await asyncio.sleep(_POLL_SECONDS)
        raise BenchError(f"{self._contender.key} ended with exit status {self._process.returncode}")


def _checked(chat: Chat, model: str, lines: list[str]) -> Chat:
    if chat.error or len(chat.arrived) != SCRIPTS[model].tokens or not chat.received:
        raise BenchError("\n".join([chat.error or f"{len(chat.arrived)} tokens arrived", *lines[-20:]]))
    return chat
