"""A runtime, as a process of its own, under a scripted Runtime API."""

import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bundle.build import HostTarget
from local.variables import lambda_variables
from tests.support.emulated import HANDLERS
from tests.support.logs import keep
from tests.support.scripted_runtime_api import ScriptedRuntimeApi

_SECONDS = 30


class ScriptedRuntime:
    """A process of the function under a scripted Runtime API.

    Attributes:
        api: See above.
        process: Started as Lambda does it.
    """

    def __init__(self, api: ScriptedRuntimeApi, process: "subprocess.Popen[str]") -> None:
        self.api = api
        self.process = process
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(keep(line).rstrip("\n"))
        self._lines.put(None)

    def printed_until(self, mark: str | None) -> list[str]:
        """The lines that it printed before the one that is `mark`; None: all that it ever will."""
        lines: list[str] = []
        while (line := self._lines.get(timeout=_SECONDS)) != mark:
            assert line is not None, f"it ended: {lines}"
            lines.append(line)
        return lines


@contextmanager
def scripted_runtime(
    task_root: Path,
    host: HostTarget,
    *,
    handler: str = "scripted.handler",
    address: str = "{}",
    **variables: str,
) -> Iterator[ScriptedRuntime]:
    """Start the function's process with its own bootstrap, under a Runtime API.

    Args:
        task_root: Holds `bootstrap`.
        host: Whose interpreter runs it.
        handler: One of tests/support/handlers.
        address: How the Runtime API's `host:port` is written.
        variables: Of the process, beside Lambda's own.
    """
    own = {"PYTHONPATH": str(HANDLERS), "AWS_LAMBDA_LOG_FORMAT": "JSON", **variables}
    with (
        ScriptedRuntimeApi() as api,
        subprocess.Popen(
            [task_root / "bootstrap", host.interpreter, "/var/runtime/bootstrap.py"],
            env={
                **lambda_variables(task_root, handler, host.python_version, "key", own),
                "AWS_LAMBDA_RUNTIME_API": address.format(api.address),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        ) as process,
    ):
        try:
            yield ScriptedRuntime(api, process)
        finally:
            process.kill()
