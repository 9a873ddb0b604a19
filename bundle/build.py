"""Builds the function's task root (`/var/task`) without Docker: our code, pinned wheels for the target, bytecode.

    python -m bundle --target lambda --out build/lambda   # what the zip carries
    python -m bundle --target host --out build/host       # the same for this machine: local run, tests, bench

Standard library only: `local/` and the tests use it without the CDK.
"""

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bundle import build_once, interpreters, trimming

SOURCE = Path(__file__).resolve().parent.parent / "lambda_src"
# What of it the chat function carries; Cognito's trigger is another function, inline in the template.
_CARRIED = ("bootstrap", "chat", "streaming_runtime")
TASK_ROOT = "/var/task"
_RECIPE = sorted(Path(__file__).with_name(f"{name}.py") for name in ("build", "build_once", "interpreters", "trimming"))

NO_COMPILER = """\
No Python {0} was found, so the bundle has no bytecode: every cold start compiles
each module again, about a second. To have it: .venv/bin/uv python install {0}, build again."""


class BundlingError(Exception):
    """The task root could not be built; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class PlatformTarget:
    """Another machine, by uv's name of its platform."""

    python_version: str
    platform: str

    @property
    def uv_options(self) -> list[str]:
        """How uv is told which wheels to take."""
        return ["--python-version", self.python_version, "--python-platform", self.platform]


@dataclass(frozen=True, kw_only=True)
class HostTarget:
    """This machine: the interpreter that the wheels fit, outside any virtual environment."""

    python_version: str
    interpreter: Path

    @property
    def uv_options(self) -> list[str]:
        """How uv is told which wheels to take."""
        # awslambdaric has wheels for Linux only; elsewhere its source installs without the compiled client, which
        # local/portable stands in for.
        source = [] if sys.platform == "linux" else ["--no-binary", "awslambdaric"]
        return ["--python", str(self.interpreter), *source]


Target: TypeAlias = PlatformTarget | HostTarget

# The managed runtime python3.13 is Amazon Linux 2023, whose glibc is 2.34.
LAMBDA = PlatformTarget(python_version="3.13", platform="aarch64-manylinux_2_34")


def host_target() -> HostTarget:
    """Return this machine's target: the function's Python version where it is installed, else the running one."""
    found = interpreters.find_interpreter(LAMBDA.python_version) or interpreters.running_interpreter()
    return HostTarget(python_version=found.minor, interpreter=found.path)


def build_function(out: Path, target: Target) -> Path:
    """Make `out` a complete task root for the target and return it, absolute.

    Nothing is done when nothing changed since the last build; otherwise the new tree replaces the old one as a whole.
    Two builds of the same inputs are equal byte for byte, wherever they run. Several processes may call at once.

    Raises:
        BundlingError: The dependencies could not be installed or compiled.
    """
    out = out.resolve()
    compiler = interpreters.find_interpreter(target.python_version)
    if compiler is None:
        print(NO_COMPILER.format(target.python_version), file=sys.stderr)  # noqa: T201 - a command's message
    # The dependencies change seldom: kept apart, an edit of our own code is a matter of a second.
    dependencies = out.with_name(f".{out.name}.dependencies")
    pinned = _digest([*_RECIPE, SOURCE / "requirements.txt"], f"{target} {compiler}")
    build_once.build_once(dependencies, pinned, lambda new: _build_dependencies(new, target, compiler))
    build_once.build_once(out, _digest(_source_files(), pinned), lambda new: _add_source(new, dependencies, compiler))
    return out


def zipped_size(tree: Path) -> int:
    """Return the size in bytes of the tree as a zip, compressed as the CDK does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(tree.rglob("*")):
            archive.write(path, path.relative_to(tree))
    return buffer.tell()


def _build_dependencies(new: Path, target: Target, compiler: interpreters.Interpreter | None) -> None:
    _install(new, target)
    trimming.trim(new)
    if compiler is not None:
        # Dependencies ship as bytecode alone (-b: beside where the source was), which takes a third off the zip.
        _compile([new], new, compiler, "-b")
        for path in list(new.rglob("*.py")):
            path.unlink()


def _add_source(new: Path, dependencies: Path, compiler: interpreters.Interpreter | None) -> None:
    shutil.copytree(dependencies, new)
    for path in _source_files():
        copy = new / path.relative_to(SOURCE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    if compiler is not None:
        _compile([new / path.relative_to(SOURCE) for path in _source_files() if path.suffix == ".py"], new, compiler)
    for path in new.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.name == "bootstrap" else 0o644)


def _install(new: Path, target: Target) -> None:
    uv = interpreters.find_uv()
    if uv is None:
        raise BundlingError("uv is missing: pip install uv (it is in requirements.txt and local/requirements.txt).")
    command = [str(uv), "pip", "install", "--quiet", "--target", str(new), *target.uv_options, "--link-mode", "copy"]
    command += ["--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", str(SOURCE / "requirements.txt")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if answer.returncode != 0:
        raise BundlingError(f"{_advice(answer.stderr)}\n\nuv said:\n{answer.stderr.strip()}")


def _advice(stderr: str) -> str:
    text = stderr.lower()
    if "hash mismatch" in text:
        return (
            "A dependency's content is not what lambda_src/requirements.txt pins: do not deploy it. Check which "
            "package index is in use; if the change is meant, `make lock` pins it."
        )
    if any(sign in text for sign in ("failed to fetch", "error sending request", "dns error", "network")):
        return (
            "The function's dependencies could not be downloaded: check the network and the proxy settings, then again."
        )
    return "The function's dependencies could not be installed from lambda_src/requirements.txt."


def _compile(what: list[Path], tree: Path, compiler: interpreters.Interpreter, *options: str) -> None:
    # unchecked-hash: the CDK resets modification times in the zip, so ordinary bytecode would always be stale.
    # One process, a fixed hash seed and the path stripped: the same bytes whoever builds, wherever.
    command = [str(compiler.path), "-s", "-S", "-P", "-W", "ignore", "-m", "compileall", "-qq", "-f"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", TASK_ROOT, *options, *map(str, what)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONHASHSEED"] = "0"
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 - same
    if answer.returncode != 0:
        raise BundlingError(f"{compiler.path} could not compile the bundle:\n{answer.stdout}{answer.stderr}")


def _source_files() -> list[Path]:
    return sorted(
        path
        for path in SOURCE.rglob("*")
        if path.is_file()
        and path.relative_to(SOURCE).parts[0] in _CARRIED
        and "__pycache__" not in path.parts
        and path.suffix != ".md"
    )


def _digest(files: Iterable[Path], more: str) -> str:
    digest = hashlib.sha256(more.encode())
    for path in files:
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(SOURCE.parent)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def main() -> int:
    """Build from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bundle", description="Build the function's task root.")
    parser.add_argument(
        "--target", choices=("lambda", "host"), default="lambda", help="for Lambda, or for this machine"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder that becomes the task root")
    arguments = parser.parse_args()
    try:
        out = build_function(arguments.out, LAMBDA if arguments.target == "lambda" else host_target())
    except BundlingError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command's message
        return 1
    print(out)  # noqa: T201 - a command's result
    return 0
