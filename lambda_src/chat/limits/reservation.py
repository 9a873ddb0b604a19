"""What one request has reserved, and its settlement: what it turns out to have used takes the reservation's place."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from chat.aws.table import TableUnavailableError
from chat.errors import ApiError, DeadlineError, UpstreamTimeoutError
from chat.limits.counter import Counter
from chat.limits.estimate import Estimate
from chat.log import logger
from chat.usage import Usage

# A table that hangs must not take the function with it: Lambda would kill the process.
_MARGIN_SECONDS = 1.0
_LEAST_SECONDS = 0.2

_TIMED_OUT = frozenset({DeadlineError.code, UpstreamTimeoutError.code})


@dataclass(frozen=True, slots=True)
class Hold:
    """Tokens reserved in one counter under a name of their own.

    Attributes:
        until: When the function's time is over, on `time.monotonic`'s clock: by then it must be settled.
    """

    counter: Counter
    name: str
    tokens: int
    until: float

    def settle(self, used: int) -> None:
        """Replace the tokens reserved by those used."""
        self._close(used - self.tokens, 0)

    def take_back(self) -> None:
        """Undo the reservation, and the request's being counted."""
        self._close(-self.tokens, -1)

    def _close(self, change: int, requests: int) -> None:
        try:
            left = max(_LEAST_SECONDS, self.until - _MARGIN_SECONDS - time.monotonic())
            self.counter.settle(self.name, change, requests=requests, seconds=left)
        except TableUnavailableError:
            logger.warning("a reservation is not settled: all of it stays counted")


class Reservation:
    """A request's tokens in each counter that it counts in, settled when the request ends, however it ends.

    Args:
        usage: What the request used; read when it is settled.
        estimate: What was reserved in each counter.
        holds: Where.
        headers: Say what is left of the day, for the client.
    """

    def __init__(self, usage: Usage, estimate: Estimate, holds: Sequence[Hold], headers: dict[str, str]) -> None:
        self.headers = headers
        self._usage = usage
        self._estimate = estimate
        self._holds = holds

    def settle(self, error_code: str | None) -> None:
        """Settle with what was used; harmless the second time.

        Args:
            error_code: Of the error that the client got, if one.
        """
        holds, self._holds = self._holds, ()
        for hold in holds:
            hold.settle(self._used(error_code))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        code = error.code if isinstance(error, ApiError) else None if error is None else "internal_error"
        self.settle(code)

    def _used(self, error_code: str | None) -> int:
        usage, estimate = self._usage, self._estimate
        if usage.total is not None:
            return usage.total
        if usage.tokens_streamed or error_code is None:
            return estimate.tokens_in + usage.tokens_streamed
        # Nothing came. After a time-out the model may have thought all the while; after a refusal it has not begun.
        return estimate.total if error_code in _TIMED_OUT else 0
