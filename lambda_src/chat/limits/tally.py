"""What one request has reserved, and what it turns out to have used."""

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

_TIMED_OUT = frozenset({DeadlineError.code, UpstreamTimeoutError.code})


@dataclass(frozen=True, slots=True)
class Reservation:
    """Tokens reserved in one counter.

    Attributes:
        counter: The counter.
        name: The reservation's.
        tokens: How many.
    """

    counter: Counter
    name: str
    tokens: int

    def settle(self, used: int) -> None:
        """Replace the reservation by what was used."""
        self._close(used - self.tokens, 0)

    def take_back(self) -> None:
        """Undo the reservation, and the request's being counted."""
        self._close(-self.tokens, -1)

    def _close(self, change: int, requests: int) -> None:
        try:
            self.counter.settle(self.name, change, requests=requests)
        except TableUnavailableError:
            logger.warning("a reservation will lapse instead of being settled")


class Tally:
    """A request's reservations, settled when it ends, however it ends.

    Args:
        usage: What the request used; read when it is settled.
        estimate: What was reserved.
        reservations: Where.
        headers: Tell the client what is left.
    """

    def __init__(
        self, usage: Usage, estimate: Estimate, reservations: Sequence[Reservation], headers: dict[str, str]
    ) -> None:
        self.headers = headers
        self._usage = usage
        self._estimate = estimate
        self._reservations = reservations

    def settle(self, error_code: str | None) -> None:
        """Settle with what was used; harmless the second time.

        Args:
            error_code: Of the error that the client got, if one.
        """
        reservations, self._reservations = self._reservations, ()
        for reservation in reservations:
            reservation.settle(self._used(error_code))

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
