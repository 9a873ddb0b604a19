"""What was measured of one contender, and the numbers that stand for it."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Every single measurement of one contender; times in milliseconds.

    Attributes:
        zip_bytes: Of what is deployed.
        cold: Process start to first token, less upstream's own delay; one for each fresh process.
        first_token: The same for a request to a process that is warm, from the request on.
        first_token_back: Of the same tokens, from upstream's writing on.
        token: From upstream's writing of a token to its arrival; one for each token of the warm requests.
        cpu_single: CPU time per 1,000 tokens that come one at a time.
        cpu_burst: CPU time per 1,000 tokens that come as fast as they are read.
        peak_rss_mb: Peak resident memory after 50 chats, in MB.
    """

    label: str
    zip_bytes: int
    cold: list[float] = field(default_factory=list)
    first_token: list[float] = field(default_factory=list)
    first_token_back: list[float] = field(default_factory=list)
    token: list[float] = field(default_factory=list)
    cpu_single: list[float] = field(default_factory=list)
    cpu_burst: list[float] = field(default_factory=list)
    peak_rss_mb: list[float] = field(default_factory=list)


def median(values: Iterable[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def quartiles(values: list[float]) -> tuple[float, float]:
    """Between which the middle half of the values lies."""
    if len(values) < 2:  # noqa: PLR2004  # a spread needs two
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def percentile(values: list[float], percent: int) -> float:
    """The value that so many per cent of the values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
