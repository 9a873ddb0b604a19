"""Builds what is measured into build/bench: pinned dependencies, hashes checked, bytecode compiled."""

import os
import shutil
import subprocess
from pathlib import Path

from bundle import build as bundling
from bundle.build_once import build_once
from bundle.interpreters import find_uv
from tools.bench.scripts import SCRIPTS

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "build" / "bench"
MODELS = tuple(SCRIPTS)
NODE_MISSING = "The Node contender is left out: `make bench` installs it, given Node 20, npm, cmake and a C++ compiler."


def function(host: bundling.HostTarget) -> tuple[Path, int]:
    """This function's task root for this machine, and the size of its zip for Lambda."""
    shipped = bundling.build_function(OUT / "lambda", bundling.LAMBDA)
    return bundling.build_function(OUT / "function", host), bundling.zipped_size(shipped)


def python_contender(
    name: str, host: bundling.HostTarget, start: str, *, has_dependencies: bool = True
) -> tuple[Path, int]:
    """Build a Python contender.

    Args:
        name: Its folder; `bench-` before it is the dependency group of pyproject.toml that it carries.
        host: This machine.
        start: The shell words that start it.
        has_dependencies: Whether there is such a group.

    Returns:
        Its task root for this machine, and the size in bytes of its zip for Lambda.
    """
    sources = sorted((HERE / "contenders" / name).glob("*.py"))
    pins = _pins(f"bench-{name}") if has_dependencies else ""
    inputs = "\n".join([start, str(host), pins, *(path.read_text() for path in sources)])

    def build(new: Path, platform: list[str]) -> None:
        for path in sources:
            shutil.copy(path, new)
        if pins:
            _install(pins, new, platform)
        bootstrap = new / "bootstrap"
        bootstrap.write_text(f'#!/bin/sh\ncd "$LAMBDA_TASK_ROOT" && exec {start}\n')
        bootstrap.chmod(0o755)
        # Valid bytecode for everyone, as a container image would have.
        subprocess.run([host.interpreter, "-m", "compileall", "-q", "-j", "2", str(new)], check=False)

    here, there = OUT / name, OUT / f"{name}-lambda"
    build_once(here, inputs, lambda new: build(_made(new), ["--python", str(host.interpreter)]))
    lambda_platform = ["--python-version", bundling.LAMBDA.python_version]
    lambda_platform += ["--python-platform", str(bundling.LAMBDA.platform)]
    build_once(there, inputs, lambda new: build(_made(new), lambda_platform))
    return here, _zipped_without_bytecode(there)


def node_contender() -> tuple[Path, int, str] | None:
    """The Node contender's task root, the size of its bundle zipped, and Node; None where it is not installed."""
    modules = HERE / "node_modules"
    node = shutil.which("node")
    runtime = modules / "aws-lambda-ric"
    if node is None or not (runtime / "rapid-client.node").exists():
        return None
    source = HERE / "contenders" / "node" / "handler.mjs"
    tree, bundle = OUT / "node", OUT / "node-bundle"
    inputs = source.read_text() + (HERE / "package-lock.json").read_text() + node

    def bundled(new: Path) -> None:
        _made(new)
        command = [str(modules / ".bin" / "esbuild"), str(source), "--bundle", "--platform=node", "--target=node20"]
        subprocess.run([*command, "--minify", "--log-level=error", f"--outfile={new}/handler.js"], check=True)

    def rooted(new: Path) -> None:
        shutil.copytree(bundle, new)
        (new / "runtime").mkdir()
        for name in ("index.mjs", "rapid-client.node", "package.json"):
            shutil.copy(runtime / name, new / "runtime")
        bootstrap = new / "bootstrap"
        bootstrap.write_text('#!/bin/sh\ncd "$LAMBDA_TASK_ROOT" && exec "$NODE" runtime/index.mjs handler.handler\n')
        bootstrap.chmod(0o755)

    build_once(bundle, inputs, bundled)
    build_once(tree, inputs, rooted)
    return tree, bundling.zipped_size(bundle), node


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _pins(group: str) -> str:
    """What uv.lock pins of a dependency group, as requirements with hashes."""
    command = [str(find_uv()), "export", "--quiet", "--frozen", "--no-emit-project", "--only-group", group]
    return subprocess.run(command, check=True, cwd=HERE.parents[1], capture_output=True, text=True).stdout


def _install(pins: str, into: Path, platform: list[str]) -> None:
    command = [str(find_uv()), "pip", "install", "--quiet", "--target", str(into), *platform, "--link-mode", "copy"]
    command += ["--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", "-"]
    subprocess.run(command, check=True, text=True, input=pins, env={**os.environ, "UV_NO_PROGRESS": "1"})


def _zipped_without_bytecode(tree: Path) -> int:
    for cache in list(tree.rglob("__pycache__")):
        shutil.rmtree(cache)
    return bundling.zipped_size(tree)
