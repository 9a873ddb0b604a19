import base64
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from awslambdaric.bootstrap import FramedTelemetryLogSink, LambdaLoggerHandlerWithFrameType

from streaming_runtime.errors import BODY_TRAILER, MAX_TRAILER_BYTES, TYPE_TRAILER, encodable, error_trailers, log
from tests.support.handlers.scripted import UnprintableError, fall

EMOJI = "\U0001f600"


def raised(error: Exception) -> Exception:
    try:
        raise error  # noqa: TRY301  # to give it a stack
    except Exception as caught:  # noqa: BLE001  # any error may be asked for
        return caught


def fallen(depth: int) -> Exception:
    """An error with as many frames as it is deep: two lines in turn, which a traceback does not fold into one."""
    try:
        fall("value", "deep", depth)
    except ValueError as caught:
        return caught
    raise AssertionError


def lines(error: BaseException) -> str:
    """The trailers as they are sent, up to the empty line."""
    return "".join(f"{name}: {value}\r\n" for name, value in error_trailers(error)) + "\r\n"


def told(error: BaseException) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = json.loads(base64.b64decode(dict(error_trailers(error))[BODY_TRAILER]))
    return found


def test_trailers_carry_type_message_and_stack() -> None:
    error = raised(ValueError("wrong"))

    assert dict(error_trailers(error))[TYPE_TRAILER] == "ValueError"
    body = told(error)
    assert body["errorMessage"] == "wrong"
    assert body["errorType"] == "ValueError"
    assert "raise error" in body["stackTrace"][-1]


@pytest.mark.parametrize(
    "error",
    [
        raised(ValueError("x" * 100_000)),
        raised(ValueError("日本語" * 10_000)),
        raised(ValueError("\0" * 10_000)),
        raised(ValueError("\ud800" * 10_000)),
        raised(ValueError(EMOJI * 225)),
        ValueError(EMOJI * 225),
        fallen(500),
        raised(type("E" * 5_000, (Exception,), {})(EMOJI * 10_000)),
    ],
    ids=["long", "japanese", "control", "surrogates", "emoji", "emoji without a stack", "deep", "name"],
)
def test_all_trailer_lines_together_are_at_most_4096_bytes(error: Exception) -> None:
    assert len(lines(error).encode("ascii")) <= MAX_TRAILER_BYTES == 4096
    assert told(error)["errorMessage"]


def test_a_message_is_cut_where_it_is_too_long_and_no_sooner() -> None:
    assert told(ValueError(EMOJI * 250))["errorMessage"] == EMOJI * 250
    assert told(ValueError("x" * 5_000))["errorMessage"] == "x" * 1022  # and its two quotes


def test_of_a_deep_stack_the_newest_frames_are_kept_as_many_as_fit() -> None:
    stack = told(fallen(500))["stackTrace"]

    assert "raise ERRORS[kind](message)" in stack[-1]
    assert 15 < len(stack) < 500
    assert len(lines(fallen(500))) > MAX_TRAILER_BYTES - 250


def test_a_long_source_line_does_not_take_the_place_of_all_frames(tmp_path: Path) -> None:
    source = tmp_path / "long.py"
    source.write_text(f"def f():\n    raise ValueError({'x' * 9000!r})\n")
    namespace: dict[str, object] = {}
    exec(compile(source.read_text(), source, "exec"), namespace)  # noqa: S102  # a file with a line that long
    with pytest.raises(ValueError, match="xxx") as caught:
        namespace["f"]()  # type: ignore[operator]

    stack = told(caught.value)["stackTrace"]

    assert "long.py" in stack[-1]
    assert len(lines(caught.value)) <= MAX_TRAILER_BYTES


def test_a_type_name_cannot_break_the_header() -> None:
    error = type("Bad\r\nX-Injected: 1", (Exception,), {})("x")

    assert dict(error_trailers(error))[TYPE_TRAILER] == "Bad__X_Injected__1"


def test_an_error_that_was_never_raised_has_no_stack() -> None:
    assert told(ValueError("x"))["stackTrace"] == []


def test_an_error_without_words_is_told_by_its_type() -> None:
    assert told(raised(UnprintableError()))["errorType"] == "UnprintableError"
    assert "__str__" in told(UnprintableError())["errorMessage"]


def test_lone_surrogates_are_the_same_in_json_after_as_before() -> None:
    text = f"é{EMOJI}\ud800"

    assert json.loads(encodable(json.dumps(text, ensure_ascii=False)).encode()) == text


@pytest.fixture
def lambda_log(tmp_path: Path) -> Iterator[Path]:
    """The file behind Lambda's own log handler, as on Lambda: each record a frame."""
    path = tmp_path / "log"
    handler = LambdaLoggerHandlerWithFrameType(FramedTelemetryLogSink(os.open(path, os.O_WRONLY | os.O_CREAT)))
    logger = logging.getLogger("streaming_runtime")
    with handler.log_sink:
        logger.addHandler(handler)
        yield path
        logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (ValueError("\ud800"), b"It broke: ValueError: \\ud800"),
        (UnprintableError(), b"It broke"),
        (ValueError("plain"), b"ValueError: plain"),
    ],
)
def test_any_error_can_be_logged_once(lambda_log: Path, error: Exception, logged: bytes) -> None:
    log(logging.ERROR, "It broke", error)

    assert logged in lambda_log.read_bytes()
    assert lambda_log.read_bytes().count(b"It broke") == 1


def test_a_log_that_takes_nothing_is_no_error(lambda_log: Path) -> None:
    logging.getLogger("streaming_runtime").handlers[-1].log_sink.file.close()  # type: ignore[attr-defined]

    log(logging.ERROR, "It broke", ValueError("x"))

    assert lambda_log.read_bytes() == b""
