"""The pinned CDK CLI, as a person at a terminal uses it, pointed at the emulator."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.reaper import kill_group
from tools.rehearsal.emulator import ACCOUNT, REGION, ROOT, Emulator

CLI = ROOT / "node_modules" / ".bin" / "cdk"


class CdkFailedError(Exception):
    """A command failed or took too long; the message has its output."""


@dataclass(frozen=True)
class Cdk:
    """Commands of the CDK CLI. Each has its own time limit: a custom resource that fails can block for an hour."""

    emulator: Emulator

    def synth(self, settings: Mapping[str, str]) -> Path:
        """Write the cloud assembly for settings and return its folder."""
        out = self.emulator.workspace / f"cdk.out-{len(list(self.emulator.workspace.glob('cdk.out-*')))}"
        context = [argument for key, value in settings.items() for argument in ("-c", f"{key}={value}")]
        app = f"{sys.executable} -m tools.rehearsal.app"
        self._run(["--app", app, "synth", "--quiet", "--output", str(out), *context], ROOT, 180)
        return out

    def bootstrap(self) -> None:
        """Make the account's CDK resources, as everybody does once. In a folder without cdk.json: no app is needed."""
        self._run(["bootstrap", f"aws://{ACCOUNT}/{REGION}"], self.emulator.workspace, 60)

    def deploy(self, assembly: Path) -> tuple[str, dict[str, str]]:
        """Deploy, and return what the CLI said and the stack's outputs."""
        outputs = self.emulator.workspace / "outputs.json"
        said = self._run(
            ["--app", str(assembly), "deploy", "--all", "--require-approval", "never", "--outputs-file", str(outputs)],
            ROOT,
            180,
        )
        [stack] = json.loads(outputs.read_text(encoding="utf-8")).values()
        return said, stack

    def diff(self, assembly: Path) -> str:
        """Compare with what is deployed.

        Raises:
            CdkFailedError: There is a difference.
        """
        return self._run(["--app", str(assembly), "diff", "--fail"], ROOT, 60)

    def destroy(self, assembly: Path) -> str:
        """Remove everything."""
        return self._run(["--app", str(assembly), "destroy", "--all", "--force"], ROOT, 120)

    def _run(self, arguments: list[str], folder: Path, seconds: float) -> str:
        environment = self.emulator.environment | {
            "CDK_HOME": str(self.emulator.workspace),
            "CDK_VALIDATION": "false",  # half of a synth's time; tests/infrastructure has it on
            "PYTHONPATH": str(ROOT),
            "CI": "1",  # the CLI then tells progress on stdout
            "NO_COLOR": "1",
        }
        process = subprocess.Popen(  # the pinned CLI
            [CLI, "--no-notices", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.emulator.reaper.watch(process.pid)
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as late:
            kill_group(process.pid)
            said, _ = process.communicate()
            raise CdkFailedError(
                f"cdk {' '.join(arguments)}: not done after {seconds:g} s\n{said}\n{self._log()}"
            ) from late
        except BaseException:
            kill_group(process.pid)
            raise
        self.emulator.reaper.release(process.pid)
        if process.returncode != 0:
            raise CdkFailedError(f"cdk {' '.join(arguments)}: exit status {process.returncode}\n{said}\n{self._log()}")
        return said

    def _log(self) -> str:
        return os.linesep.join(self.emulator.log.splitlines()[-40:])
