"""One execution environment: a process of the function, and the Runtime API that process talks to."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from local.http1 import serve
from local.invocation import Failure
from local.lifecycle import Lifecycle
from local.loopback import listen
from local.reaper import Reaper, kill_group
from local.runtime_api import MAX_HEAD_BYTES, RuntimeApi
from local.throttle import Bandwidth

_OUTPUT_SECONDS = 1.0


@dataclass(frozen=True)
class Function:
    """What to start.

    Attributes:
        task_root: The folder that the zip would be unpacked to; holds `bootstrap`.
        interpreter: What `bootstrap` is to start.
        variables: The whole environment of the process but for its Runtime API's address.
        arn: The function's ARN.
        timeout_seconds: How long one invocation may take.
        bandwidth: How fast a streamed response passes.
    """

    task_root: Path
    interpreter: Path
    variables: Mapping[str, str]
    arn: str
    timeout_seconds: float
    bandwidth: Bandwidth = field(default_factory=Bandwidth)


class Environment:
    """Runs one process of the function.

    Args:
        number: Names it in the log.
        function: What to start.
        log: Takes each line that the process prints.
        reaper: Ends the process should we be killed.
    """

    def __init__(self, number: int, function: Function, log: Callable[[str], None], reaper: Reaper) -> None:
        self.number = number
        self.pid = 0
        self.life = Lifecycle(function.timeout_seconds, self._kill, log)
        self._function = function
        self._log = log
        self._reaper = reaper

    async def run(self) -> None:
        """Start the process, and return when it has ended. Cancelling kills it."""
        snap_start = self._function.variables.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"
        api = RuntimeApi(self.life, self._function.arn, self._function.bandwidth, snap_start=snap_start)
        status = "unknown"
        try:
            listeners = listen()
            async with serve(api.handle, listeners, max_head_bytes=MAX_HEAD_BYTES):
                status = await self._run_process(f"127.0.0.1:{listeners[0].getsockname()[1]}")
        except OSError as error:
            status = str(error)
        finally:
            await self.life.end(Failure("Runtime.ExitError", f"Runtime exited with error: {status}"))

    async def _run_process(self, address: str) -> str:
        async with _line_pipe(self._log) as output:
            process = await asyncio.create_subprocess_exec(
                self._function.task_root / "bootstrap",
                self._function.interpreter,
                "/var/runtime/bootstrap.py",  # what Lambda passes; ours ignores it
                env={**self._function.variables, "AWS_LAMBDA_RUNTIME_API": address},
                cwd=self._function.task_root,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            self.pid = process.pid
            self._reaper.watch(self.pid)
            try:
                code = await process.wait()
            finally:
                self._kill()  # also what it may have started
                await process.wait()
                self._reaper.release(self.pid)
        return f"exit status {code}" if code >= 0 else f"signal: {signal.Signals(-code).name}"

    def _kill(self) -> None:
        if self.pid:
            kill_group(self.pid)


@asynccontextmanager
async def _line_pipe(log: Callable[[str], None]) -> AsyncIterator[int]:
    """The writing end of a pipe whose other end is read line by line."""
    reading, writing = os.pipe()
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb", buffering=0)
    )
    forwarding = asyncio.create_task(_forward_lines(reader, log))
    try:
        yield writing
    finally:
        os.close(writing)
        with suppress(TimeoutError):  # a process that left its group may hold on to the pipe
            await asyncio.wait_for(forwarding, _OUTPUT_SECONDS)
        transport.close()


async def _forward_lines(reader: asyncio.StreamReader, log: Callable[[str], None]) -> None:
    rest = b""
    while data := await reader.read(65536):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            log(line.decode(errors="replace"))
    if rest:
        log(rest.decode(errors="replace"))
