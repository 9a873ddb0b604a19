"""What the scripted model says, and when: the same for every contender."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """One scripted answer.

    Attributes:
        delay: Seconds from the request to the first token.
        tokens: How many there are, each an event of its own.
        gap: Seconds between two tokens; 0 sends as fast as the contender reads.
    """

    delay: float
    tokens: int
    gap: float


# By the name of the model asked for. A fast hosted model takes 0.2 s to its first token and makes 100 tokens a second.
SCRIPTS = {
    "cold": Script(delay=0.2, tokens=3, gap=0.01),
    "paced": Script(delay=0.05, tokens=50, gap=0.01),
    "single": Script(delay=0, tokens=5_000, gap=0.001),
    "burst": Script(delay=0, tokens=10_000, gap=0),  # twice as many are over the 6 MB of a buffered answer
    "short": Script(delay=0, tokens=100, gap=0),
}
