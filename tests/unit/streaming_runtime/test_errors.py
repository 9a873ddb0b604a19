import base64
import json

import pytest

from streaming_runtime.errors import BODY_TRAILER, TYPE_TRAILER, error_trailers

LIMIT = 4096


def raised(error: Exception, depth: int = 0) -> Exception:
    def fall(left: int) -> None:
        if left:
            fall(left - 1)
        raise error

    try:
        fall(depth)
    except Exception as caught:  # noqa: BLE001  # any error may be asked for
        return caught
    raise AssertionError


def test_trailers_carry_type_message_and_stack() -> None:
    trailers = dict(error_trailers(raised(ValueError("wrong"))))

    assert trailers[TYPE_TRAILER] == "ValueError"
    body = json.loads(base64.b64decode(trailers[BODY_TRAILER]))
    assert body["errorMessage"] == "wrong"
    assert body["errorType"] == "ValueError"
    assert "raise error" in body["stackTrace"][-1]


@pytest.mark.parametrize(
    "error",
    [
        raised(ValueError("x" * 100_000)),
        raised(ValueError("日本語" * 10_000)),
        raised(ValueError("\0" * 10_000)),
        raised(ValueError("deep"), depth=500),
        raised(type("E" * 5_000, (Exception,), {})("long name")),
    ],
    ids=["long", "japanese", "control", "deep", "name"],
)
def test_both_trailers_together_stay_under_4_kb(error: Exception) -> None:
    trailers = error_trailers(error)

    assert sum(len(name) + len(value) + len(": \r\n") for name, value in trailers) < LIMIT
    assert json.loads(base64.b64decode(trailers[1][1]))["errorMessage"]


def test_the_newest_frames_are_kept() -> None:
    trailers = dict(error_trailers(raised(ValueError("deep"), depth=500)))

    assert "raise error" in json.loads(base64.b64decode(trailers[BODY_TRAILER]))["stackTrace"][-1]


def test_a_type_name_cannot_break_the_header() -> None:
    error = type("Bad\r\nX-Injected: 1", (Exception,), {})("x")

    assert dict(error_trailers(error))[TYPE_TRAILER] == "Bad__X-Injected__1".replace("-", "_")


def test_an_error_that_was_never_raised_has_no_stack() -> None:
    trailers = dict(error_trailers(ValueError("x")))

    assert json.loads(base64.b64decode(trailers[BODY_TRAILER]))["stackTrace"] == []
