"""Sources that are slow to open, slow to speak or silent: how long each is waited for."""

import threading
import time
from collections.abc import Callable

import pytest

from chat.answer.background import BackgroundReader, SilenceError, Source
from chat.answer.timed_reader import TimedReader
from chat.errors import DeadlineError, UpstreamIncompleteError, UpstreamTimeoutError

SILENCE = None


class Script:
    """A source that gives what it is told to, and is silent for as long as it is waited for where it says `SILENCE`."""

    def __init__(self, *steps: bytes | Exception | None) -> None:
        self.headers = {"x-upstream-request-id": "r"}
        self.steps = list(steps)
        self.closed = False

    def read(self, seconds: float) -> bytes | None:
        if not self.steps:
            return None
        if self.steps[0] is SILENCE:
            time.sleep(seconds)
            raise TimeoutError
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def close(self) -> None:
        self.closed = True


def in_background(source: Source) -> BackgroundReader:
    return BackgroundReader(lambda _is_wanted: source)


def test_silence_beyond_the_limit_is_a_timeout_and_ends_the_source() -> None:
    script = Script(b"first", SILENCE)
    reader = TimedReader(in_background(script), 0.05, time.monotonic() + 60)

    assert reader.next(1) == b"first"
    with pytest.raises(UpstreamTimeoutError):
        reader.next(1)
    reader.close()
    assert script.closed


def test_the_deadline_ends_a_silent_answer() -> None:
    reader = TimedReader(in_background(Script(SILENCE)), 60, time.monotonic() + 0.05)

    with pytest.raises(DeadlineError):
        reader.next(60)
    reader.close()


def test_the_deadline_ends_an_answer_that_is_never_silent() -> None:
    reader = TimedReader(in_background(Script(*[b"x"] * 1_000_000)), 60, time.monotonic() + 0.1)

    with pytest.raises(DeadlineError):
        reader.rest()
    reader.close()


def test_the_deadline_ends_an_answer_whose_client_was_slow() -> None:
    reader = TimedReader(in_background(Script(b"first", b"second")), 60, time.monotonic() + 1)
    assert reader.next(60) == b"first"

    time.sleep(1.1)  # the client

    with pytest.raises(DeadlineError):
        reader.next(60)


def test_the_time_that_a_slow_client_takes_is_not_upstreams_silence() -> None:
    reader = TimedReader(in_background(Script(b"first", SILENCE)), 30, time.monotonic() + 60)
    assert reader.next(1) == b"first"
    reader._silence_left = 0.5  # noqa: SLF001  # of 30 seconds

    time.sleep(0.6)  # the client

    with pytest.raises(SilenceError):
        reader.next(0.01)
    reader.close()


def test_a_short_wait_in_vain_is_no_error_while_there_is_time_left() -> None:
    reader = TimedReader(in_background(Script(SILENCE)), 60, time.monotonic() + 60)

    with pytest.raises(SilenceError):
        reader.next(0.01)
    reader.close()


def test_the_sources_error_is_raised_where_it_is_waited_for() -> None:
    reader = in_background(Script(b"first", ValueError("source")))

    assert reader.get(1) == b"first"
    with pytest.raises(ValueError, match="source"):
        reader.get(1)


def test_a_source_that_takes_its_time_to_open_is_waited_for_like_a_chunk() -> None:
    opening = threading.Event()
    source = Script(b"first")

    def open_slowly(_is_wanted: Callable[[], bool]) -> Source:
        opening.wait(10)
        return source

    reader = BackgroundReader(open_slowly)
    with pytest.raises(SilenceError):
        reader.get(0.01)
    opening.set()

    assert reader.get(10) == b"first"


def test_an_error_in_opening_is_raised_where_the_source_is_waited_for() -> None:
    def fail(_is_wanted: Callable[[], bool]) -> Source:
        raise ValueError("opening")

    with pytest.raises(ValueError, match="opening"):
        BackgroundReader(fail).get(10)


def test_a_source_that_opens_after_the_reader_was_closed_is_closed() -> None:
    opening, closed = threading.Event(), threading.Event()

    class Late(Script):
        def close(self) -> None:
            closed.set()

    def open_late(_is_wanted: Callable[[], bool]) -> Source:
        opening.wait(10)
        return Late(b"first")

    BackgroundReader(open_late).close()
    opening.set()

    assert closed.wait(10)


def test_a_source_learns_that_nobody_waits_for_it_any_more() -> None:
    opening, wanted = threading.Event(), []

    def open_late(is_wanted: Callable[[], bool]) -> Source:
        opening.wait(10)
        wanted.append(is_wanted())
        raise UpstreamIncompleteError("late")

    reader = BackgroundReader(open_late)
    reader.close()
    opening.set()

    with pytest.raises(UpstreamIncompleteError):
        reader.get(10)
    assert wanted == [False]


def test_the_rest_is_everything_to_the_end() -> None:
    assert TimedReader(in_background(Script(b"a", b"b")), 60, time.monotonic() + 60).rest() == b"ab"


def test_the_sources_headers_are_known_when_it_is_open() -> None:
    reader = TimedReader(in_background(Script(b"a")), 60, time.monotonic() + 60)

    assert reader.rest() == b"a"
    assert reader.headers == {"x-upstream-request-id": "r"}


@pytest.mark.parametrize("after", [(), (b"\n",), (SILENCE,), (UpstreamIncompleteError("broken"),)])
def test_what_comes_after_the_end_is_no_error(after: tuple[bytes | Exception | None, ...]) -> None:
    script = Script(b"last", *after)
    reader = TimedReader(in_background(script), 60, time.monotonic() + 60)
    assert reader.next(1) == b"last"

    reader.drain(0.05)
    reader.close()

    assert script.closed
