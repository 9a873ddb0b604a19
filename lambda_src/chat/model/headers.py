"""Which of upstream's headers the client gets."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress

_PREFIX = "x-upstream-"
_RATE_LIMITS = "x-ratelimit-"
_MAX_RATE_LIMITS = 16
_MAX_CHARS = 128
_MAX_NAME_CHARS = 64
_MAX_DIGITS = 12
# OpenAI's and most others', Azure's, AWS's, Anthropic's; the first that there is.
_REQUEST_IDS = ("x-request-id", "apim-request-id", "x-amzn-requestid", "request-id")


def passed_on(headers: Mapping[str, str], redact: Callable[[str], str]) -> dict[str, str]:
    """Upstream's request id, limits and wishes to wait, clean: names begin with `x-upstream-`, but for `retry-after`.

    Args:
        headers: Upstream's, names in lower case.
        redact: Takes credentials out; a header that has some is left out.
    """
    found: dict[str, str] = {}
    if _is_delay(retry_after := headers.get("retry-after", "")):
        found["retry-after"] = retry_after
    if _is_number(milliseconds := headers.get("retry-after-ms", "")):
        found[f"{_PREFIX}retry-after-ms"] = milliseconds
    for name in _REQUEST_IDS:
        if _is_clean(value := headers.get(name, "")):
            found[f"{_PREFIX}request-id"] = value
            break
    limits = [name for name in headers if name.startswith(_RATE_LIMITS) and len(name) <= _MAX_NAME_CHARS]
    for name in limits[:_MAX_RATE_LIMITS]:
        if _is_clean(value := headers[name]):
            found[_PREFIX + name.removeprefix("x-")] = value
    return {name: value for name, value in found.items() if redact(value) == value}


def _is_clean(value: str) -> bool:
    return 0 < len(value) <= _MAX_CHARS and value.isascii() and value.isprintable()


def _is_number(value: str) -> bool:
    return len(value) <= _MAX_DIGITS and value.isascii() and value.replace(".", "", 1).isdigit()


def _is_delay(value: str) -> bool:
    """Whether it is a number of seconds or a date as RFC 9110 §5.6.7 wants it."""
    if _is_number(value):
        return True
    with suppress(ValueError):
        return _is_clean(value) and bool(time.strptime(value, "%a, %d %b %Y %H:%M:%S GMT"))
    return False
