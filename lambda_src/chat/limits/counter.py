"""One item of the table: what one person, or all together, have used on one day.

Numbers `used_requests` and `used_tokens` (what is reserved counts as used), `open_requests` (reserved and not settled),
an attribute `r_…` with its time for each of those, and `expires_at`, after which DynamoDB deletes the item.

A reservation that nobody settled, because its function died, lapses when that function can no longer live: its request
is open no more. Its tokens stay used: the model may have made all of them, and nobody can tell any more.
"""

import math
from contextlib import suppress
from dataclasses import dataclass

from chat.aws.table import ConditionFailedError, Item, Table, TableUnavailableError

_RESERVATION = "r_"
_CLOSED_AT_ONCE = 50  # DynamoDB's expressions have at most 4 KB


@dataclass(frozen=True, slots=True)
class Used:
    """What has been used, reservations included; `open` are those of the requests that are not settled."""

    requests: int = 0
    tokens: int = 0
    open: int = 0


class NoRoomError(Exception):
    """A reservation does not fit with what has been used already."""

    def __init__(self, used: Used) -> None:
        super().__init__("no room")
        self.used = used


@dataclass(frozen=True, slots=True)
class Counter:
    """The counter under one partition key; a limit of 0 is none. `expires_at` is in POSIX seconds."""

    table: Table
    key: str
    max_requests: int
    max_tokens: int
    max_open: int
    expires_at: int

    def reserve(self, reservation: str, tokens: int, until: int, now: int) -> Used:
        """Count a request and reserve its tokens, in one step, or not at all.

        Args:
            reservation: A name for it that nobody else uses.
            tokens: How many.
            until: When it lapses, should nobody settle it; in POSIX seconds, as `now`.
            now: The time.

        Returns:
            What is used then.

        Raises:
            NoRoomError: A limit leaves no room.
            TableUnavailableError: The table did not answer.
        """
        try:
            item = self._reserve(reservation, tokens, until)
        except ConditionFailedError as refused:
            if not self._close_lapsed(refused.item, now):
                raise NoRoomError(_used(refused.item)) from None
            try:
                item = self._reserve(reservation, tokens, until)
            except ConditionFailedError as refused_again:
                raise NoRoomError(_used(refused_again.item)) from None
        with suppress(TableUnavailableError):  # logged; the next request tries again
            self._close_lapsed(item, now)
        return _used(item)

    def settle(self, reservation: str, change: int, *, requests: int = 0, seconds: float = math.inf) -> None:
        """Close a reservation; harmless if it is closed.

        Args:
            reservation: Its name.
            change: The tokens used more than reserved; negative if less.
            requests: Added to the requests; -1 takes the request back.
            seconds: How long it may take.

        Raises:
            TableUnavailableError: The table did not answer; the reservation stays used, and lapses.
        """
        with suppress(ConditionFailedError):  # closed by an earlier try whose answer was lost, or lapsed
            self.table.update(
                self.key,
                "REMOVE #reservation ADD used_tokens :change, used_requests :requests, open_requests :closed",
                "attribute_exists(#reservation) AND used_tokens >= :least",  # whatever is asked, never below 0
                {"#reservation": _RESERVATION + reservation},
                {":change": change, ":requests": requests, ":closed": -1, ":least": -change},
                seconds=seconds,
            )

    def read(self) -> Used:
        """What is used now.

        Raises:
            TableUnavailableError: The table did not answer.
        """
        return _used(self.table.get(self.key) or {})

    def _reserve(self, reservation: str, tokens: int, until: int) -> Item:
        name = _RESERVATION + reservation
        conditions = ["attribute_not_exists(#reservation)"]
        values: Item = {
            ":tokens": tokens,
            ":one": 1,
            ":until": until,
            ":expires_at": self.expires_at,
        }
        if self.max_tokens:
            values[":room"] = self.max_tokens - tokens
            new = "attribute_not_exists(used_tokens) OR " if tokens <= self.max_tokens else ""
            conditions.append(f"({new}used_tokens <= :room)")
        if self.max_requests:
            values[":max_requests"] = self.max_requests
            conditions.append("(attribute_not_exists(used_requests) OR used_requests < :max_requests)")
        if self.max_open:
            values[":max_open"] = self.max_open
            conditions.append("(attribute_not_exists(open_requests) OR open_requests < :max_open)")
        try:
            return self.table.update(
                self.key,
                "SET #reservation = :until, expires_at = :expires_at "
                "ADD used_tokens :tokens, used_requests :one, open_requests :one",
                " AND ".join(conditions),
                {"#reservation": name},
                values,
            )
        except ConditionFailedError as refused:
            if name in refused.item:  # an earlier try went through, its answer was lost
                return refused.item
            raise

    def _close_lapsed(self, item: Item, now: int) -> bool:
        lapsed = [
            name
            for name, until in item.items()
            if name.startswith(_RESERVATION) and isinstance(until, int) and until <= now
        ][:_CLOSED_AT_ONCE]
        if not lapsed:
            return False
        names = {f"#lapsed{number}": name for number, name in enumerate(lapsed)}
        with suppress(ConditionFailedError):  # another request was quicker
            self.table.update(
                self.key,
                f"REMOVE {', '.join(names)} ADD open_requests :closed",
                " AND ".join(f"attribute_exists({name})" for name in names),
                names,
                {":closed": -len(names)},
            )
        return True


def _used(item: Item) -> Used:
    return Used(*(_count(item, name) for name in ("used_requests", "used_tokens", "open_requests")))


def _count(item: Item, name: str) -> int:
    return value if isinstance(value := item.get(name), int) else 0
