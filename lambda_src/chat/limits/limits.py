"""The daily limits of a deployment: of each person, and of all together."""

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack

from chat.aws.table import Table
from chat.limits.counter import Counter, NoRoomError, Used
from chat.limits.day import Day
from chat.limits.estimate import Estimate
from chat.limits.tally import Reservation, Tally
from chat.limits.wire import daily_limit_error, rate_limit_headers, usage_document
from chat.settings import Settings
from chat.usage import Usage

_MARGIN_SECONDS = 5  # between one environment's clock and another's


class Limits:
    """Reserves what a request may need, and tells what is left.

    Args:
        settings: The limits.
        table: Where is counted; needed if there is a limit.
        clock: POSIX seconds.
    """

    def __init__(self, settings: Settings, table: Table | None = None, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._table = table
        self._clock = clock

    def reserve(self, subject: str, estimate: Estimate, seconds: float, usage: Usage) -> Tally:
        """Count a request and reserve its tokens.

        Args:
            subject: Who it counts for.
            estimate: The most tokens that it may come to.
            seconds: How long it may take at most: the reservation lapses then.
            usage: What will be known of what it used.

        Raises:
            DailyLimitError: A limit leaves no room; the message says which, and until when.
            TableUnavailableError: The table did not answer.
        """
        now = int(self._clock())
        day = Day.at(now)
        reservations: list[Reservation] = []
        headers: dict[str, str] = {}
        person, total = self._person(subject, day), self._total(day)
        with ExitStack() as unless_all_fit:
            for whose, counter in (("Your", person), ("This deployment's", total)):
                if counter is None:
                    continue
                reservation = Reservation(counter, secrets.token_hex(8), estimate.total)
                until = now + int(seconds) + _MARGIN_SECONDS
                try:
                    used = counter.reserve(reservation.name, estimate.total, until, now)
                except NoRoomError as refused:
                    raise daily_limit_error(whose, counter, refused.used, estimate.total, day) from None
                unless_all_fit.callback(reservation.take_back)
                reservations.append(reservation)
                if counter is person:
                    headers = rate_limit_headers(counter, used, day)
            unless_all_fit.pop_all()
        return Tally(usage, estimate, reservations, headers)

    def usage(self, subject: str) -> dict[str, object]:
        """What somebody has used today.

        Returns:
            `{"requests": {"used", "limit"}, "tokens": {"used", "limit"}, "resets_at"}`

        Raises:
            TableUnavailableError: The table did not answer.
        """
        now = int(self._clock())
        day = Day.at(now)
        counter = self._person(subject, day)
        return usage_document(counter, counter.read(now) if counter else Used(), day)

    def _person(self, subject: str, day: Day) -> Counter | None:
        return self._counter(
            subject, self._settings.daily_requests_per_person, self._settings.daily_tokens_per_person, day
        )

    def _total(self, day: Day) -> Counter | None:
        return self._counter("total", None, self._settings.daily_tokens_total, day)

    def _counter(self, name: str, max_requests: int | None, max_tokens: int | None, day: Day) -> Counter | None:
        if self._table is None or not (max_requests or max_tokens):
            return None
        expires_at = int(day.end.timestamp()) + 24 * 3600
        return Counter(self._table, f"day#{day.name}#{name}", max_requests or 0, max_tokens or 0, expires_at)
