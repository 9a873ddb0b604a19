"""Ends the processes we started should we be killed ourselves, when no handler of ours gets to run.

A small process of its own holds one end of a pipe. When the other end closes, whatever the reason, it kills the process
groups it was told of. Portable, unlike Linux's parent-death signal.
"""

import contextlib
import os
import signal
import subprocess
import sys
from types import TracebackType
from typing import Self

_PROGRAM = """
import os, signal, sys
for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(signum, signal.SIG_IGN)
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
"""


class Reaper:
    """Watches over process groups; every process to watch has to lead one (`start_new_session=True`)."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-I", "-S", "-c", _PROGRAM]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.communicate()

    def watch(self, group: int) -> None:
        """Kill this group when we end."""
        self._tell(f"+{group}\n")

    def release(self, group: int) -> None:
        """It has ended by itself."""
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None  # noqa: S101  # opened above
        with contextlib.suppress(BrokenPipeError):  # somebody killed it: nothing more to be done
            os.write(self._process.stdin.fileno(), line.encode())


def kill_group(group: int) -> None:
    """Kill a process and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
