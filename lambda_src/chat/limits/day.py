"""The day that limits count in: from midnight to midnight UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COUNTERS = "day#"  # partition keys of counters begin so


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day, seen from a moment in it.

    Attributes:
        now: That moment.
    """

    now: datetime

    @classmethod
    def at(cls, timestamp: float) -> "Day":
        """The day of a POSIX timestamp."""
        return cls(datetime.fromtimestamp(timestamp, UTC))

    @property
    def name(self) -> str:
        """`2026-01-31`."""
        return self.now.date().isoformat()

    def item_key(self, whose: str) -> str:
        """The partition key of the day's counter for a subject's hash, or for `total`."""
        return f"{COUNTERS}{self.name}#{whose}"

    @property
    def end(self) -> datetime:
        """The midnight at its end."""
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    @property
    def seconds_left(self) -> int:
        """Whole seconds until it ends, at least one."""
        return max(1, -int((self.now - self.end).total_seconds() // 1))

    @property
    def time_left(self) -> str:
        """As OpenAI's rate-limit headers write it: `5h12m3s`."""
        minutes, seconds = divmod(self.seconds_left, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}h{minutes}m{seconds}s"
