"""One item of the table: what one person, or all together, have used on one day and still have reserved.

Numbers `used_requests` and `used_tokens` (what is reserved counts as used), an attribute `r_…` for each reservation
that is open, and `expires_at`, after which DynamoDB deletes the item.
"""

from contextlib import suppress
from dataclasses import dataclass

from chat.aws.table import ConditionFailedError, Item, Table

_RESERVATION = "r_"


@dataclass(frozen=True, slots=True)
class Used:
    """What has been used, reservations included.

    Attributes:
        requests: Requests.
        tokens: Tokens.
    """

    requests: int = 0
    tokens: int = 0


class NoRoomError(Exception):
    """A reservation does not fit.

    Attributes:
        used: What has been used already.
    """

    def __init__(self, used: Used) -> None:
        super().__init__("no room")
        self.used = used


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter with limits.

    Attributes:
        table: Where it is.
        key: Its item's.
        max_requests: The most requests; 0 for no limit.
        max_tokens: The most tokens; 0 for no limit.
        expires_at: When its item may go, in POSIX seconds.
    """

    table: Table
    key: str
    max_requests: int
    max_tokens: int
    expires_at: int

    def reserve(self, reservation: str, tokens: int, until: int, now: int) -> Used:
        """Count a request and reserve its tokens, in one step, or not at all.

        Args:
            reservation: A name for it that nobody else uses.
            tokens: How many.
            until: When it lapses, in POSIX seconds, should nobody settle it.
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
            if not self._release_lapsed(refused.item, now):
                raise NoRoomError(_used(refused.item)) from None
            try:
                item = self._reserve(reservation, tokens, until)
            except ConditionFailedError as refused_again:
                raise NoRoomError(_used(refused_again.item)) from None
        return _without(_used(item), self._release_lapsed(item, now))

    def settle(self, reservation: str, change: int, *, requests: int = 0) -> None:
        """Close a reservation; harmless if it is closed.

        Args:
            reservation: Its name.
            change: The tokens used more than reserved; negative if less.
            requests: Added to the requests; -1 takes the request back.

        Raises:
            TableUnavailableError: The table did not answer; the reservation will lapse.
        """
        with suppress(ConditionFailedError):  # closed by an earlier try whose answer was lost, or lapsed
            self.table.update(
                self.key,
                "REMOVE #reservation ADD used_tokens :change, used_requests :requests",
                "attribute_exists(#reservation)",
                {"#reservation": _RESERVATION + reservation},
                {":change": change, ":requests": requests},
            )

    def read(self, now: int) -> Used:
        """What is used now.

        Raises:
            TableUnavailableError: The table did not answer.
        """
        item = self.table.get(self.key) or {}
        return _without(_used(item), sum(_lapsed(item, now).values()))

    def _reserve(self, reservation: str, tokens: int, until: int) -> Item:
        name = _RESERVATION + reservation
        conditions = ["attribute_not_exists(#reservation)"]
        values: Item = {
            ":tokens": tokens,
            ":one": 1,
            ":reservation": {"tokens": tokens, "until": until},
            ":expires_at": self.expires_at,
        }
        if self.max_tokens:
            values[":room"] = self.max_tokens - tokens
            new = "attribute_not_exists(used_tokens) OR " if tokens <= self.max_tokens else ""
            conditions.append(f"({new}used_tokens <= :room)")
        if self.max_requests:
            values[":max_requests"] = self.max_requests
            conditions.append("(attribute_not_exists(used_requests) OR used_requests < :max_requests)")
        try:
            return self.table.update(
                self.key,
                "SET #reservation = :reservation, expires_at = :expires_at ADD used_tokens :tokens, used_requests :one",
                " AND ".join(conditions),
                {"#reservation": name},
                values,
            )
        except ConditionFailedError as refused:
            if name in refused.item:  # an earlier try went through, its answer was lost
                return refused.item
            raise

    def _release_lapsed(self, item: Item, now: int) -> int:
        lapsed = _lapsed(item, now)
        for reservation, tokens in lapsed.items():
            self.settle(reservation, -tokens)
        return sum(lapsed.values())


def _used(item: Item) -> Used:
    match item:
        case {"used_requests": int(requests), "used_tokens": int(tokens)}:
            return Used(requests, tokens)
    return Used()


def _without(used: Used, tokens: int) -> Used:
    return Used(used.requests, used.tokens - tokens)


def _lapsed(item: Item, now: int) -> dict[str, int]:
    lapsed = {}
    for name, value in item.items():
        match value:
            case {"tokens": int(tokens), "until": int(until)} if name.startswith(_RESERVATION) and until <= now:
                lapsed[name.removeprefix(_RESERVATION)] = tokens
    return lapsed
