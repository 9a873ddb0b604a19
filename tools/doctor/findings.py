"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Only FAILED makes the command's exit status 1."""

    GOOD = "ok"
    WARNING = "warning"
    FAILED = "FAILED"
    SKIPPED = "not checked"


@dataclass(frozen=True)
class Finding:
    """The result of one check. Never holds the key, a token, or what a service said of either.

    Attributes:
        state: How it is.
        subject: What was checked.
        detail: What was seen.
        advice: What to do about it.
    """

    state: State
    subject: str
    detail: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{self.state:>11}  {self.subject}: {self.detail}"
        return line + "".join(f"\n{'':13}{advice}" for advice in self.advice.splitlines())


def good(subject: str, detail: str) -> Finding:
    """Nothing to do."""
    return Finding(State.GOOD, subject, detail)


def warning(subject: str, detail: str, advice: str) -> Finding:
    """It works, and may not be what is wanted."""
    return Finding(State.WARNING, subject, detail, advice)


def failed(subject: str, detail: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(State.FAILED, subject, detail, advice)


def skipped(subject: str, detail: str, advice: str = "") -> Finding:
    """It could not be checked, or not yet."""
    return Finding(State.SKIPPED, subject, detail, advice)
