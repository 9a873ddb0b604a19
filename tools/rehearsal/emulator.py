"""Runs ministack, an emulator of AWS, on 127.0.0.1 while a rehearsal lasts."""

import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bundle.build import HostTarget
from bundle.build_once import build_once
from bundle.interpreters import find_uv
from local.reaper import Reaper, kill_group

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REGION = "eu-central-1"
ACCOUNT = "000000000000"

_START_SECONDS = 60
_INSTALL_SECONDS = 300
_LAST_LINES = 30


class EmulatorMissingError(Exception):
    """ministack, or what it needs, cannot be installed here; the message says why."""


class EmulatorFailedError(Exception):
    """ministack did not start; the message ends with the last lines of its log."""


class Emulator:
    """An AWS account on this machine, empty at first and forgotten afterwards.

    Processes are ended and files removed on leaving, and also should this process be killed.

    Args:
        host: Runs the emulator and the functions deployed to it.

    Attributes:
        url: For AWS_ENDPOINT_URL.
        workspace: A folder that goes with it.
        reaper: Ends the processes that it watches, should this one be killed.

    Raises:
        EmulatorMissingError: On entering.
        EmulatorFailedError: On entering.
    """

    def __init__(self, host: HostTarget) -> None:
        self._host = host
        self.url = ""
        self.workspace = Path()

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment for a client of the emulator: nothing of it leads to a real account."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        return kept | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self.workspace / "log").read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        python = _install(self._host)
        sdk = _sdk()
        with ExitStack() as starting:
            self.workspace = Path(starting.enter_context(tempfile.TemporaryDirectory(prefix="rehearsal-")))
            self.reaper = starting.enter_context(Reaper())
            port = _free_port()
            self.url = f"http://127.0.0.1:{port}"
            variables = {
                "GATEWAY_PORT": str(port),
                "BIND_HOST": "127.0.0.1",
                "MINISTACK_REGION": REGION,
                "MINISTACK_ACCOUNT_ID": ACCOUNT,
                "AUTH": "true",  # roles may do what their policies say, and no more
                "IOT_MTLS_ENABLED": "0",
                "S3_DATA_DIR": str(self.workspace / "s3"),
                "STATE_DIR": str(self.workspace / "state"),
                "TMPDIR": str(self.workspace),
                "HOME": str(self.workspace),
                "NODE_PATH": str(sdk),
            }
            log = starting.enter_context((self.workspace / "log").open("wb"))
            process = subprocess.Popen(  # our own arguments
                [python, HERE / "launch.py"],
                cwd=self.workspace,
                env=self.environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self.reaper.watch(process.pid)
            starting.callback(_end, process)
            self._wait_until_up(process)
            self._started = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._started.close()

    def _wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < give_up:
            try:
                urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=5).close()  # noqa: S310  # our own
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        last = "\n".join(self.log.splitlines()[-_LAST_LINES:])
        raise EmulatorFailedError(f"ministack does not answer on {self.url}:\n{last}")


def _install(host: HostTarget) -> Path:
    """Install ministack once, and return the interpreter that has it."""
    uv = find_uv()
    if uv is None:
        raise EmulatorMissingError("uv is missing: `make test` installs it")
    requirements = HERE / "requirements.txt"
    folder = ROOT / "build" / "rehearsal"

    def build(new: Path) -> None:
        _run([uv, "venv", "--quiet", "--relocatable", "--python", host.interpreter, new])
        install: list[Path | str] = [uv, "pip", "install", "--quiet", "--python", new / "bin" / "python"]
        _run([*install, "--require-hashes", "--link-mode", "copy", "-r", requirements])

    build_once(folder, f"{host} {requirements.read_text(encoding='utf-8')}", build)
    return folder / "bin" / "python"


def _sdk() -> Path:
    """The folder with the AWS SDK that Lambda's Node.js runtime carries."""
    folder = ROOT / "tests" / "node_modules"
    if not (folder / "@aws-sdk" / "client-s3").is_dir():
        raise EmulatorMissingError("the AWS SDK for the CDK's own functions is missing: `make rehearse` installs it")
    return folder


def _run(command: list[Path | str]) -> None:
    try:
        subprocess.run(  # our own arguments
            command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS
        )
    except subprocess.CalledProcessError as error:
        raise EmulatorMissingError(f"{Path(command[0]).name} could not install the emulator: {error.stderr}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmulatorMissingError(f"the emulator could not be installed: {error}") from error


def _free_port() -> int:
    # Let go again before ministack takes it: it has no port 0.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _end(process: subprocess.Popen[bytes]) -> None:
    kill_group(process.pid)  # with the functions' processes; there is nothing to save
    process.wait()
