"""Pins the Python dependencies (`make lock`), and checks that what is exported is what is locked (`make check`).

    python -m tools.checks.locks            # check, offline
    python -m tools.checks.locks --write    # pin what pyproject.toml names; what is pinned already stays as it is
    python -m tools.checks.locks --upgrade  # the newest of everything

uv.lock has everything but the emulator of `make rehearse`, whose own pins contradict the function's.
"""

import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path

from bundle.interpreters import find_uv

ROOT = Path(__file__).resolve().parents[2]
LOCK = "uv.lock"

# Exported from the lock, each for a reader that knows only this format, with the dependency group that it holds.
EXPORTS = {
    "requirements.txt": "synth",  # anybody's pip
    "lambda_src/requirements.txt": "function",  # uv, for another platform; goes into the zip's digest
    "local/requirements.txt": "local",  # pip, which begins every virtual environment here
    "local/model-requirements.txt": "model",  # uv, into a folder of its own
}
# Compiled by itself.
REHEARSAL = "tools/rehearsal/requirements.txt"

# Whatever index this machine uses: the lock names the public one, which every machine's mirror stands for.
_INDEX = "https://pypi.org/simple"
_HOSTS = frozenset({"pypi.org", "files.pythonhosted.org"})


class LockError(Exception):
    """uv is missing or could not do it; the message ends with what it said."""


def exported(group: str) -> str:
    """Return what a dependency group pins, with hashes, in the format of requirements.txt.

    Raises:
        LockError: There is no such group, or no uv.
    """
    pinned = _uv("export", "--frozen", "--no-emit-project", "--no-header", "--only-group", group)
    return f"# Exported from uv.lock by `make lock`: the dependency group `{group}` of pyproject.toml.\n{pinned}"


def foreign_hosts(lock: str) -> set[str]:
    """Return the hosts that a lock names beside the public index's."""
    return set(re.findall(r"https?://([^/\"]+)", lock)) - _HOSTS


def stale() -> list[str]:
    """Return what is wrong with the locks, a line for each, nothing if they agree. Asks no registry."""
    found = []
    try:
        _uv("lock", "--check", "--offline", "--default-index", _INDEX)
    except LockError as error:
        found.append(f"{LOCK} is not what pyproject.toml names: {error}")
    hosts = foreign_hosts((ROOT / LOCK).read_text(encoding="utf-8"))
    found += [f"{LOCK} names {host}, which not everybody can reach" for host in sorted(hosts)]
    for name, group in EXPORTS.items():
        have, want = (ROOT / name).read_text(encoding="utf-8"), exported(group)
        if have != want:
            first = next(line for line in difflib.ndiff(have.splitlines(), want.splitlines()) if line[0] in "+-")
            found.append(f"{name} is not what {LOCK} pins: {first}")
    return found


def write(*, upgrade: bool) -> None:
    """Lock, and export from the lock.

    Raises:
        LockError: There is no solution, no network or no uv.
    """
    newest = ["--upgrade"] if upgrade else []
    _uv("lock", "--default-index", _INDEX, *newest)
    for name, group in EXPORTS.items():
        (ROOT / name).write_text(exported(group), encoding="utf-8")
    compile_command = ["pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    compile_command += ["--custom-compile-command", "make lock", "--default-index", _INDEX, *newest]
    _uv(*compile_command, "-o", REHEARSAL, str(Path(REHEARSAL).with_suffix(".in")))


def _uv(*arguments: str) -> str:
    uv = find_uv()
    if uv is None:
        raise LockError("uv is missing: `make check` installs it")
    answer = subprocess.run([uv, "--quiet", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise LockError(answer.stderr.strip() or f"uv {arguments[0]} ended with exit status {answer.returncode}")
    return answer.stdout


def main(arguments: list[str]) -> int:
    """Check or write from the command line; the exit status is 1 if something is stale."""
    parser = argparse.ArgumentParser(prog="python -m tools.checks.locks", description="The Python dependencies' pins.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help="pin what pyproject.toml names, change nothing else")
    what.add_argument("--upgrade", action="store_true", help="pin the newest of everything")
    options = parser.parse_args(arguments)
    try:
        if options.write or options.upgrade:
            write(upgrade=options.upgrade)
        found = stale()
    except LockError as error:
        print(error, file=sys.stderr)
        return 1
    for line in found:
        print(f"{line}\nTo put it right: make lock", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
