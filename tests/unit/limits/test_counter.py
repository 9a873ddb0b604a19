"""One counter in a real table over HTTP: what fits, what does not, and what a dead function leaves behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.aws.dynamodb import DynamoTable
from chat.aws.table import Item
from chat.limits.counter import Counter, NoRoomError, Used

NOW = 1_800_000_000
LATER = NOW + 60
KEY = "day#2027-01-15#somebody"


def counter(items: DynamoTable, *, requests: int = 0, tokens: int = 0, at_once: int = 0) -> Counter:
    return Counter(items, KEY, requests, tokens, at_once, expires_at=NOW + 100_000)


def stored(items: DynamoTable) -> Item:
    item = items.get(KEY)
    assert item is not None
    return item


def test_a_reservation_counts_as_used_until_it_is_settled(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)

    assert tokens.reserve("a", 60, LATER, NOW) == Used(1, 60, 1)
    tokens.settle("a", 10 - 60)
    assert tokens.read() == Used(1, 10)
    assert stored(items) == {
        "pk": KEY,
        "used_requests": 1,
        "used_tokens": 10,
        "open_requests": 0,
        "expires_at": NOW + 100_000,
    }


def test_settling_twice_counts_once(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("a", 60, LATER, NOW)

    tokens.settle("a", -50)
    tokens.settle("a", -50)

    assert tokens.read() == Used(1, 10)


def test_no_more_is_reserved_than_there_is(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("a", 60, LATER, NOW)

    with pytest.raises(NoRoomError) as refused:
        tokens.reserve("b", 41, LATER, NOW)
    assert refused.value.used == Used(1, 60, 1)
    assert tokens.reserve("c", 40, LATER, NOW) == Used(2, 100, 2)


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

    assert requests.reserve("b", 5, LATER, NOW) == Used(1, 5, 1)


def test_what_a_dead_function_reserved_stays_used(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("dead", 90, LATER, NOW)

    with pytest.raises(NoRoomError) as refused:
        tokens.reserve("b", 20, LATER + 60, LATER)
    assert refused.value.used.tokens == 90
    assert tokens.reserve("b", 10, LATER + 60, LATER).tokens == 100
    assert stored(items) == {
        "pk": KEY,
        "used_requests": 2,
        "used_tokens": 100,
        "open_requests": 1,
        "expires_at": NOW + 100_000,
        "r_b": LATER + 60,
    }


def test_lapsed_reservations_are_closed_while_there_is_room_too(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    for name in ("dead", "dead as well"):
        tokens.reserve(name, 30, LATER, NOW)

    tokens.reserve("b", 20, LATER + 60, LATER)

    assert tokens.read() == Used(3, 80, 1)


def test_a_function_that_settles_after_its_reservation_has_lapsed_changes_nothing(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("late", 60, LATER, NOW)
    tokens.reserve("b", 20, LATER + 60, LATER)

    tokens.settle("late", -60)

    assert tokens.read() == Used(2, 80, 1)


def test_no_settlement_makes_a_counter_negative(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("a", 60, LATER, NOW)

    tokens.settle("a", -61)

    assert tokens.read() == Used(1, 60, 1)


def test_so_many_are_open_at_once(items: DynamoTable) -> None:
    two = counter(items, at_once=2)
    two.reserve("a", 5, LATER, NOW)
    two.reserve("b", 5, LATER, NOW)

    with pytest.raises(NoRoomError) as refused:
        two.reserve("c", 5, LATER, NOW)
    assert refused.value.used == Used(2, 10, 2)
    two.settle("a", 0)
    assert two.reserve("c", 5, LATER, NOW) == Used(3, 15, 2)


def test_a_dead_function_s_request_is_open_until_it_lapses(items: DynamoTable) -> None:
    one = counter(items, at_once=1)
    one.reserve("dead", 5, LATER, NOW)

    with pytest.raises(NoRoomError):
        one.reserve("b", 5, LATER + 60, LATER - 1)
    assert one.reserve("b", 5, LATER + 60, LATER) == Used(2, 10, 1)


def test_more_dead_functions_than_fit_into_one_change_lapse_one_after_another(items: DynamoTable) -> None:
    tokens = counter(items, tokens=10_000)
    for number in range(60):
        tokens.reserve(f"dead {number}", 1, LATER, NOW)

    tokens.reserve("b", 1, LATER + 60, LATER)
    tokens.reserve("c", 1, LATER + 60, LATER)

    assert tokens.read() == Used(62, 62, 2)


def test_a_retry_of_a_reservation_whose_answer_was_lost_counts_once(items: DynamoTable) -> None:
    tokens = counter(items, tokens=100)
    tokens.reserve("a", 60, LATER, NOW)

    assert tokens.reserve("a", 60, LATER, NOW) == Used(1, 60, 1)


def test_fifty_at_once_get_no_more_places_than_there_are(items: DynamoTable) -> None:
    three = counter(items, at_once=3)

    def reserve(number: int) -> bool:
        try:
            three.reserve(str(number), 1, LATER, NOW)
        except NoRoomError:
            return False
        return True

    with ThreadPoolExecutor(50) as clients:
        admitted = sum(clients.map(reserve, range(50)))

    assert admitted == 3


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
    assert tokens.read() == Used(11, 990, 11)
