"""What clients get of limits: OpenAI's rate-limit headers, errors, and a document for the page."""

from chat.limits.counter import Counter, Used
from chat.limits.day import Day
from chat.limits.errors import ConcurrencyLimitError, DailyLimitError

_ANSWER_SECONDS = 5  # an answer under way has ended by then, as likely as not


def rate_limit_headers(counter: Counter, used: Used, day: Day) -> dict[str, str]:
    """What is left of a person's day, reservations taken off, as OpenAI's headers."""
    headers = {}
    for unit, limit, count in (
        ("requests", counter.max_requests, used.requests),
        ("tokens", counter.max_tokens, used.tokens),
    ):
        if limit:
            headers[f"x-ratelimit-limit-{unit}"] = str(limit)
            headers[f"x-ratelimit-remaining-{unit}"] = str(max(0, limit - count))
            headers[f"x-ratelimit-reset-{unit}"] = day.time_left
    return headers


def refusal(whose: str, counter: Counter, used: Used, asked: int, day: Day) -> DailyLimitError | ConcurrencyLimitError:
    """The refusal of a request that a counter has no room for.

    Args:
        whose: How the message begins, e.g. `Your`.
        counter: The one without room.
        used: What it says.
        asked: The tokens that the request might have needed.
        day: The one that the counter is of.
    """
    reset = f"It resets at 00:00 UTC, in {day.time_left}."
    if counter.max_requests and used.requests >= counter.max_requests:
        message = f"{whose} daily limit of {counter.max_requests:,} requests is reached. {reset}"
    elif counter.max_tokens and used.tokens + asked > counter.max_tokens:
        left = max(0, counter.max_tokens - used.tokens)
        message = (
            f"{whose} daily limit of {counter.max_tokens:,} tokens has {left:,} left, and this request may need "
            f"{asked:,}. {reset} A shorter conversation or a lower max_tokens needs fewer."
        )
    else:
        return ConcurrencyLimitError(
            f"{whose} limit of {counter.max_open:,} answers at once is reached. Wait until one of them has ended.",
            headers={"retry-after": str(_ANSWER_SECONDS)},
        )
    headers = {
        "retry-after": str(day.seconds_left),
        "x-should-retry": "false",  # OpenAI's clients would try again after a second
    }
    return DailyLimitError(message, headers=headers)


def usage_document(counter: Counter | None, used: Used, day: Day) -> dict[str, object]:
    """What `GET /v1/usage` answers; a limit is `None` where there is none, and so is what nobody counts."""
    return {
        "requests": {
            "used": used.requests if counter else None,
            "limit": (counter.max_requests if counter else 0) or None,
        },
        "tokens": {"used": used.tokens if counter else None, "limit": (counter.max_tokens if counter else 0) or None},
        "resets_at": day.end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
