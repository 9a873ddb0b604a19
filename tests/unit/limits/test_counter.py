"""One counter in a real table over HTTP: what fits, what does not, and what a dead function leaves behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.aws.dynamodb import DynamoTable
from chat.aws.table import Item
from chat.limits.counter import Counter, NoRoomError, Used

NOW = 1_800_000_000
LATER = NOW + 60
KEY = "day#2027-01-15#somebody"


def counter(items: DynamoTable, *, requests: int = 0, tokens: int = 0) -> Counter:
    return Counter(items, KEY, requests, tokens, expires_at=NOW + 100_000)


def stored(items: DynamoTable) -> Item:
    item = items.get(KEY)
    assert item is not None
    return item


def test_a_reservation_counts_as_used_until_it_is_settled(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)

    assert tokens.reserve("a", 60, LATER, NOW) == Used(1, 60)
    tokens.settle("a", 10 - 60)
    assert tokens.read(NOW) == Used(1, 10)
    assert stored(items) == {"pk": KEY, "used_requests": 1, "used_tokens": 10, "expires_at": NOW + 100_000}


def test_settling_twice_counts_once(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("a", 60, LATER, NOW)

    tokens.settle("a", -50)
    tokens.settle("a", -50)

    assert tokens.read(NOW) == Used(1, 10)


def test_no_more_is_reserved_than_there_is(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("a", 60, LATER, NOW)

    with pytest.raises(NoRoomError) as refused:
        tokens.reserve("b", 41, LATER, NOW)
    assert refused.value.used == Used(1, 60)
    assert tokens.reserve("c", 40, LATER, NOW) == Used(2, 100)


def test_more_than_the_limit_never_fits_not_even_first_thing_in_the_morning(items: DynamoTable) -> None:
    with pytest.raises(NoRoomError) as refused:
        counter(items, tokens=100).reserve("a", 101, LATER, NOW)

    assert refused.value.used == Used()


def test_requests_are_limited_by_their_number(items: DynamoTable) -> None:
    requests = counter(items, requests=2)
    requests.reserve("a", 1_000_000, LATER, NOW)
    requests.settle("a", 0)
    requests.reserve("b", 1_000_000, LATER, NOW)

    with pytest.raises(NoRoomError):
        requests.reserve("c", 1, LATER, NOW)


def test_a_request_taken_back_does_not_count(items: DynamoTable) -> None:
    requests = counter(items, requests=1)
    requests.reserve("a", 5, LATER, NOW)
    requests.settle("a", -5, requests=-1)

    assert requests.reserve("b", 5, LATER, NOW) == Used(1, 5)


def test_what_a_dead_function_reserved_is_free_when_its_time_is_over(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("dead", 90, LATER, NOW)

    with pytest.raises(NoRoomError):
        tokens.reserve("b", 20, LATER, LATER - 1)
    assert tokens.read(LATER).tokens == 0
    assert tokens.reserve("b", 20, LATER + 60, LATER) == Used(2, 20)
    assert set(stored(items)) == {"pk", "used_requests", "used_tokens", "expires_at", "r_b"}


def test_lapsed_reservations_are_released_while_there_is_room_too(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("dead", 30, LATER, NOW)

    assert tokens.reserve("b", 20, LATER + 60, LATER) == Used(2, 20)
    assert tokens.read(NOW).tokens == 20


def test_a_retry_of_a_reservation_whose_answer_was_lost_counts_once(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("a", 60, LATER, NOW)

    assert tokens.reserve("a", 60, LATER, NOW) == Used(1, 60)


def test_fifty_at_once_get_no_more_than_there_is(items: DynamoTable) -> None:
    tokens = counter(items, tokens=1_000)

    def reserve(number: int) -> bool:
        try:
            tokens.reserve(str(number), 90, LATER, NOW)
        except NoRoomError:
            return False
        return True

    with ThreadPoolExecutor(50) as clients:
        admitted = sum(clients.map(reserve, range(50)))

    assert admitted == 11
    assert tokens.read(NOW) == Used(11, 990)
