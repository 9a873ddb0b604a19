"""What everything under test printed, kept, so that one check at the end can look for secrets in all of it."""

import json
import time
from dataclasses import dataclass, field

from tests.support.secrets import USED


@dataclass
class Logs:
    """What one program printed, line by line: `LocalLambda(..., log=Logs())`, or `keep` for what is not a function."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        _ALL.append(self)

    def __call__(self, _environment: int, line: str) -> None:
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, part: str, start: int = 0) -> dict[str, object]:
        """The first line from `start` on that contains `part`, as JSON; output comes through a pipe, so wait for it."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for line in self.lines[start:]:
                if part in line:
                    # A traceback before it, which awslambdaric ends without a line end, is on the same line.
                    parsed: dict[str, object] = json.loads(line[max(0, line.find('{"')) :])
                    return parsed
            time.sleep(0.01)
        raise AssertionError(f"no log line with {part!r} in {self.lines[start:]}")


_ALL: list[Logs] = []
_OTHERS = Logs()


def keep(text: str) -> str:
    """Remember what a program printed, and return it."""
    _OTHERS.lines += text.splitlines()
    return text


def count() -> int:
    """How many lines were kept."""
    return sum(len(log.lines) for log in _ALL)


def leaks() -> list[str]:
    """Every kept line with a secret in it, as it is or as JSON has it."""
    lines = [line for log in _ALL for line in log.lines]
    everything = "\n".join(lines)
    leaked = [form for secret in USED for form in {secret, json.dumps(secret)[1:-1]} if form in everything]
    return [line for line in lines if any(secret in line for secret in leaked)]
