"""The limits of a deployment: of each person, and of all together, in a day; of each person, at once."""

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack

from chat.aws.table import Table
from chat.limits.counter import Counter, NoRoomError, Used
from chat.limits.day import Day
from chat.limits.estimate import Estimate
from chat.limits.reservation import Hold, Reservation
from chat.limits.wire import rate_limit_headers, refusal, usage_document
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

    def reserve(self, subject: str, estimate: Estimate, seconds: float, usage: Usage) -> Reservation:
        """Count a request and reserve its tokens.

        Args:
            subject: Who it counts for.
            estimate: The most tokens that it may come to.
            seconds: How long it may take at most: the reservation lapses then.
            usage: What will be known of what it used.

        Raises:
            DailyLimitError: A daily limit leaves no room; the message says which, and until when.
            ConcurrencyLimitError: As many answers are under way as may be.
            TableUnavailableError: The table did not answer.
        """
        now, ends = int(self._clock()), time.monotonic() + seconds
        day = Day.at(now)
        holds: list[Hold] = []
        headers: dict[str, str] = {}
        person, total = self._person(subject, day), self._total(day)
        with ExitStack() as unless_all_fit:
            for whose, counter in (("Your", person), ("This deployment's", total)):
                if counter is None:
                    continue
                hold = Hold(counter, secrets.token_hex(8), estimate.total, ends)
                until = now + int(seconds) + _MARGIN_SECONDS
                try:
                    used = counter.reserve(hold.name, hold.tokens, until, now)
                except NoRoomError as refused:
                    raise refusal(whose, counter, refused.used, estimate.total, day) from None
                unless_all_fit.callback(hold.take_back)
                holds.append(hold)
                if counter is person:
                    headers = rate_limit_headers(counter, used, day)
            unless_all_fit.pop_all()
        return Reservation(usage, estimate, holds, headers)

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
        return usage_document(counter, counter.read() if counter else Used(), day)

    def _person(self, subject: str, day: Day) -> Counter | None:
        limits = self._settings
        return self._counter(
            day,
            subject,
            requests=limits.daily_requests_per_person,
            tokens=limits.daily_tokens_per_person,
            at_once=limits.concurrent_requests_per_person,
        )

    def _total(self, day: Day) -> Counter | None:
        return self._counter(day, "total", tokens=self._settings.daily_tokens_total)

    def _counter(
        self,
        day: Day,
        whose: str,
        *,
        requests: int | None = None,
        tokens: int | None = None,
        at_once: int | None = None,
    ) -> Counter | None:
        if self._table is None or not (requests or tokens or at_once):
            return None
        expires_at = int(day.end.timestamp()) + 24 * 3600
        return Counter(self._table, day.item_key(whose), requests or 0, tokens or 0, at_once or 0, expires_at)
