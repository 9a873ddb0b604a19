from datetime import UTC, datetime

import pytest

from chat.aws.dynamodb import DynamoTable
from chat.errors import DeadlineError, UpstreamRefusedError
from chat.limits.errors import ConcurrencyLimitError, DailyLimitError
from chat.limits.estimate import Estimate
from chat.limits.limits import Limits
from chat.limits.reservation import Reservation
from chat.settings import Settings
from chat.usage import Usage

EVENING = datetime(2027, 1, 15, 18, 47, 57, tzinfo=UTC).timestamp()
MIDNIGHT = "2027-01-16T00:00:00Z"
ESTIMATE = Estimate(10, 90)


class Deployment:
    """The limits of a deployment at a time of day."""

    def __init__(
        self, items: DynamoTable, requests: int = 0, tokens: int = 0, total: int = 0, at_once: int = 0
    ) -> None:
        self.now = EVENING
        settings = Settings(
            daily_requests_per_person=requests or None,
            daily_tokens_per_person=tokens or None,
            daily_tokens_total=total or None,
            concurrent_requests_per_person=at_once or None,
        )
        self.limits = Limits(settings, items, lambda: self.now)

    def reserve(self, subject: str = "somebody", usage: Usage | None = None) -> Reservation:
        return self.limits.reserve(subject, ESTIMATE, 60, usage or Usage())

    def used(self, subject: str = "somebody") -> object:
        usage = self.limits.usage(subject)
        tokens = usage["tokens"]
        assert isinstance(tokens, dict)
        return tokens["used"]


def counted(tokens_in: int, tokens_out: int) -> Usage:
    usage = Usage()
    usage.saw_usage({"prompt_tokens": tokens_in, "completion_tokens": tokens_out})
    return usage


def test_real_usage_replaces_the_reservation(items: DynamoTable) -> None:
    deployment = Deployment(items, tokens=1_000)

    reservation = deployment.reserve(usage=counted(7, 3))
    assert deployment.used() == 100
    reservation.settle(None)
    assert deployment.used() == 10


def test_people_have_limits_of_their_own_and_share_the_total(items: DynamoTable) -> None:
    deployment = Deployment(items, tokens=200, total=350)
    for subject in ("a", "a", "b"):
        deployment.reserve(subject)

    with pytest.raises(DailyLimitError, match=r"^Your daily limit of 200 tokens has 0 left"):
        deployment.reserve("a")
    with pytest.raises(DailyLimitError, match=r"^This deployment's daily limit of 350 tokens has 50 left"):
        deployment.reserve("b")
    assert deployment.used("b") == 100  # what the total refused is given back
    assert deployment.limits.usage("b")["requests"] == {"used": 1, "limit": None}


def test_over_the_limit_says_which_limit_and_when_it_resets(items: DynamoTable) -> None:
    deployment = Deployment(items, requests=1)
    deployment.reserve()

    with pytest.raises(DailyLimitError) as refused:
        deployment.reserve()

    assert refused.value.status == 429
    assert refused.value.code == "daily_limit_reached"
    assert refused.value.message == ("Your daily limit of 1 requests is reached. It resets at 00:00 UTC, in 5h12m3s.")
    assert refused.value.headers == {"retry-after": str(5 * 3600 + 12 * 60 + 3), "x-should-retry": "false"}


def test_a_new_day_begins_with_nothing_used(items: DynamoTable) -> None:
    deployment = Deployment(items, requests=1)
    deployment.reserve()

    deployment.now += 6 * 3600

    assert deployment.reserve()


def test_so_many_answers_of_one_person_are_under_way_at_once(items: DynamoTable) -> None:
    deployment = Deployment(items, at_once=2)
    first, _ = deployment.reserve(), deployment.reserve()
    deployment.reserve("somebody else")

    with pytest.raises(ConcurrencyLimitError) as refused:
        deployment.reserve()
    assert refused.value.status == 429
    assert refused.value.code == "concurrency_limit_reached"
    assert refused.value.message == "Your limit of 2 answers at once is reached. Wait until one of them has ended."
    assert refused.value.headers == {"retry-after": "5"}

    first.settle(None)
    deployment.reserve()


def test_a_dead_function_s_answer_counts_until_no_clock_can_think_that_it_lives(items: DynamoTable) -> None:
    deployment = Deployment(items, at_once=1)
    deployment.reserve()  # for 60 seconds at most; environments' clocks differ by 5 at most

    deployment.now += 64
    with pytest.raises(ConcurrencyLimitError):
        deployment.reserve()
    deployment.now += 1
    deployment.reserve()


def test_what_the_total_refuses_is_not_under_way(items: DynamoTable) -> None:
    deployment = Deployment(items, at_once=1, total=99)

    for _ in range(2):
        with pytest.raises(DailyLimitError):
            deployment.reserve()


def test_the_daily_limit_is_said_first(items: DynamoTable) -> None:
    deployment = Deployment(items, tokens=100, at_once=1)
    deployment.reserve()

    with pytest.raises(DailyLimitError):
        deployment.reserve()


def test_headers_say_what_is_left(items: DynamoTable) -> None:
    reservation = Deployment(items, requests=5, tokens=1_000).reserve()

    assert reservation.headers == {
        "x-ratelimit-limit-requests": "5",
        "x-ratelimit-remaining-requests": "4",
        "x-ratelimit-reset-requests": "5h12m3s",
        "x-ratelimit-limit-tokens": "1000",
        "x-ratelimit-remaining-tokens": "900",
        "x-ratelimit-reset-tokens": "5h12m3s",
    }


def test_the_total_is_not_told_to_everybody(items: DynamoTable) -> None:
    deployment = Deployment(items, total=1_000)

    assert deployment.reserve().headers == {}
    assert deployment.limits.usage("somebody") == {
        "requests": {"used": None, "limit": None},
        "tokens": {"used": None, "limit": None},
        "resets_at": MIDNIGHT,
    }


def test_without_limits_there_is_no_table() -> None:
    limits = Limits(Settings())

    limits.reserve("somebody", ESTIMATE, 60, Usage()).settle(None)


@pytest.mark.parametrize(
    ("streamed", "error_code", "used"),
    [
        (0, None, 10),
        (25, None, 35),
        (25, "upstream_incomplete", 35),
        (0, UpstreamRefusedError.code, 0),
        (0, DeadlineError.code, 100),
        (25, DeadlineError.code, 35),
    ],
)
def test_usage_that_upstream_does_not_tell_is_estimated(
    items: DynamoTable, streamed: int, error_code: str | None, used: int
) -> None:
    deployment = Deployment(items, tokens=1_000)
    usage = Usage()
    reservation = deployment.reserve(usage=usage)
    usage.saw_content(streamed)

    reservation.settle(error_code)

    assert deployment.used() == used


@pytest.mark.parametrize(
    ("prompt", "completion", "streamed", "used"),
    [(-1_000, -1_000, 25, 35), (-1_000, 5, 0, 10), (10**12, 10**12, 25, 35), (7, 0, 80, 17), ("7", 3, 25, 35)],
)
def test_no_count_of_upstream_s_gives_anything_back(
    items: DynamoTable, prompt: object, completion: object, streamed: int, used: int
) -> None:
    deployment = Deployment(items, tokens=1_000)
    usage = Usage()
    usage.saw_content(streamed)
    usage.saw_usage({"prompt_tokens": prompt, "completion_tokens": completion})

    deployment.reserve(usage=usage).settle(None)

    assert deployment.used() == used


def test_an_error_before_the_answer_settles_too(items: DynamoTable) -> None:
    deployment = Deployment(items, tokens=1_000)

    with pytest.raises(UpstreamRefusedError), deployment.reserve():
        raise UpstreamRefusedError("no")

    assert deployment.used() == 0
