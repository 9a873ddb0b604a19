"""Finds a Python of the version that Lambda runs: bytecode is only valid for the minor version that compiled it."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Printed by a candidate about itself. The base interpreter, not a virtual environment's: the function must see only
# what its zip carries.
_PROBE = """
import os, sys
minor = "%d.%d" % sys.version_info[:2]
base = os.path.join(sys.base_prefix, "bin", "python" + minor)
final = sys.implementation.name == "cpython" and sys.version_info[3] == "final"
print(minor if final else "")
print("%d.%d.%d" % sys.version_info[:3])
print(base if os.path.exists(base) else sys.executable)
"""


@dataclass(frozen=True)
class Interpreter:
    """A CPython release on this machine."""

    path: Path
    minor: str
    version: str


@functools.cache
def find_interpreter(minor: str) -> Interpreter | None:
    """Return a CPython release of exactly this minor version (`"3.13"`), or None. Nothing is downloaded."""
    for candidate in _candidates(minor):
        found = probe(candidate)
        if found is not None and found.minor == minor:
            return found
    return None


def running_interpreter() -> Interpreter:
    """Return the interpreter that runs this program, outside its virtual environment."""
    found = probe(Path(sys.executable))
    if found is None:
        raise RuntimeError(
            f"{sys.executable} is not a released CPython: use python3.11 or newer from python.org, uv or pyenv."
        )
    return found


def probe(executable: Path) -> Interpreter | None:
    """Ask an executable what it is; None if it does not run (a version manager's shim, say) or is a pre-release."""
    try:
        answer = subprocess.run(  # noqa: S603 - an interpreter found by name, with our own text
            [executable, "-I", "-S", "-c", _PROBE], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match answer.stdout.splitlines():
        case [minor, version, path] if minor:
            return Interpreter(Path(path), minor, version)
    return None


def find_uv() -> Path | None:
    """Return uv's executable: the one beside this interpreter, else the one on PATH."""
    beside = Path(sys.executable).with_name("uv")
    if beside.exists():
        return beside
    on_path = shutil.which("uv")
    return Path(on_path) if on_path else None


def _candidates(minor: str) -> Iterator[Path]:
    name = f"python{minor}"
    if minor == f"{sys.version_info.major}.{sys.version_info.minor}":
        yield Path(sys.executable)
    for folder in os.get_exec_path():
        executable = Path(folder) / name
        if executable.exists():
            yield executable
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in sorted(pyenv.glob(f"versions/{minor}.*"), reverse=True):
        yield version / "bin" / name
    uv = find_uv()
    if uv is not None:
        answer = subprocess.run(  # noqa: S603 - the uv of this environment
            [uv, "python", "find", "--no-python-downloads", "--managed-python", minor],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
