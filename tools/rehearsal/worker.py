"""Makes a function's process in ministack what it is in Lambda: file modes, layers under /opt, the exec wrapper.

ministack unpacks a function's zip, starts a worker beside it and talks to it in lines of JSON. It drops the zip's file
modes, unpacks layers elsewhere than /opt and ignores AWS_LAMBDA_EXEC_WRAPPER. Standard library and `local` only.
"""

import asyncio
import json
import os
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

# What the CDK's own functions name and this machine has elsewhere.
_INTERPRETER = b"/var/lang/bin/python"
_LAYERS = b"/opt/"


def become_lambda() -> None:
    """Set this process's folder right; for a function with an exec wrapper, serve it and never return."""
    code = Path.cwd()
    for archive in code.parent.glob("*.zip"):
        _restore(archive, archive.with_suffix(""))
    layers = os.environ.get("_LAMBDA_LAYERS_DIRS", "")
    if layers:
        folder = layers.split(os.pathsep)[0]
        _replace(code / "index.py", _LAYERS, f"{folder}/".encode())
    if "AWS_LAMBDA_EXEC_WRAPPER" in os.environ:
        interpreter = Path(sys.executable).resolve()  # outside ministack's virtual environment
        sys.exit(asyncio.run(_serve(code, interpreter)))


def _restore(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        for entry in content.infolist():
            mode = stat.S_IMODE(entry.external_attr >> 16)
            path = folder / entry.filename
            if mode & stat.S_IXUSR and path.is_file():
                path.chmod(mode)
                _replace(path, _INTERPRETER, sys.executable.encode())


def _replace(file: Path, old: bytes, new: bytes) -> None:
    content = file.read_bytes()
    if old in content:
        file.write_bytes(content.replace(old, new))


async def _serve(code: Path, interpreter: Path) -> int:
    """Run the function through its own bootstrap and local's Runtime API, until ministack closes our input."""
    # Imported here: ministack's worker for other functions must find only what is theirs.
    from local.environment import Function  # noqa: PLC0415
    from local.pool import Pool  # noqa: PLC0415
    from local.reaper import Reaper  # noqa: PLC0415

    start = json.loads(sys.stdin.readline())
    function = Function(
        code,
        interpreter,
        {**os.environ, "LAMBDA_TASK_ROOT": str(code), "_HANDLER": f"{start['module']}.{start['handler']}"},
        start["arn"],
        float(os.environ["_LAMBDA_TIMEOUT"]),
    )
    with Reaper() as reaper:
        pool = Pool(function, 1, lambda _number, line: print(line, file=sys.stderr, flush=True), reaper)  # noqa: T201
        _say({"status": "ready", "cold": True})
        while line := await asyncio.to_thread(sys.stdin.readline):
            answer = _Collected()
            invocation = await pool.invoke(json.dumps(json.loads(line)["event"]).encode(), answer)
            await invocation.done.wait()
            _say(answer.told)
        await pool.close()
    return 0


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)  # noqa: T201  # the worker's protocol


class _Collected:
    """Takes a whole answer: ministack has no other kind."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self._body = bytearray()
        self._streaming = False

    async def begin(self, content_type: str, *, streaming: bool) -> None:
        del content_type
        self._streaming = streaming

    async def write(self, data: bytes) -> None:
        self._body += data

    async def end(self) -> None:
        text = self._body.decode()
        self.told = {"status": "ok", "result": text if self._streaming else json.loads(text)}

    async def fail(self, failure: Any) -> None:  # noqa: ANN401  # local's, which is imported late
        self.told = {"status": "error", "error": f"{failure.kind} {failure.message}"}
