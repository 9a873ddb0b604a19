"""`python -m bundle.fetch_python`: sees that this machine has the Python whose bytecode the function ships.

Before a deployment, as without it every cold start would take about a second longer. uv fetches one if it can.
"""

import subprocess
import sys

from bundle.build import LAMBDA
from bundle.interpreters import Interpreter, find_interpreter, find_uv

_DO_IT_YOURSELF = """\
The function runs on Python {0}, and its bytecode has to be made by one, which is not on this machine{1}.
Install it, from https://www.python.org, with pyenv, or with .venv/bin/uv python install {0}, and deploy again."""


class NoPythonError(Exception):
    """There is none, and none is to be had; the message says what to do."""


def fetch_python(minor: str) -> Interpreter:
    """Return a CPython release of this minor version (`"3.13"`); installed now, for this user, if there was none.

    Raises:
        NoPythonError: uv is missing, or could not install it.
    """
    found = find_interpreter(minor)
    if found is not None:
        return found
    uv = find_uv()
    if uv is None:
        raise NoPythonError(_DO_IT_YOURSELF.format(minor, "; nor is uv, which could fetch it"))
    print(f"Fetching Python {minor}, which the function runs on …", file=sys.stderr)  # noqa: T201  # a command's message
    command = [str(uv), "python", "install", "--no-progress", minor]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own arguments
    find_interpreter.cache_clear()
    found = find_interpreter(minor)
    if found is None:
        said = answer.stderr.strip().replace("\n", " ")
        raise NoPythonError(_DO_IT_YOURSELF.format(minor, f"; uv could not fetch it: {said}"))
    return found


def main() -> int:
    """Fetch the function's."""
    try:
        fetch_python(LAMBDA.python_version)
    except NoPythonError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command's message
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
