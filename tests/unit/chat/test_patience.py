"""Sources that are slow to open, slow to speak or silent: how long each is waited for."""

import threading
import time

import pytest

from chat.answer.background import BackgroundReader, SilenceError, Source
from chat.answer.patience import PatientReader
from chat.errors import DeadlineError, UpstreamTimeoutError

SILENCE = None


class Script:
    """A source that gives what it is told to, and is silent for as long as it is waited for where it says `SILENCE`."""

    def __init__(self, *steps: bytes | Exception | None) -> None:
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
    return BackgroundReader(lambda: source)


def test_silence_beyond_the_limit_is_a_timeout_and_ends_the_source() -> None:
    script = Script(b"first", SILENCE)
    reader = PatientReader(in_background(script), 0.05, time.monotonic() + 60)

    assert reader.next(1) == b"first"
    with pytest.raises(UpstreamTimeoutError):
        reader.next(1)
    reader.close()
    assert script.closed


def test_the_deadline_ends_an_answer_however_lively_it_is() -> None:
    reader = PatientReader(in_background(Script(b"first", SILENCE)), 60, time.monotonic() + 0.05)

    assert reader.next(1) == b"first"
    with pytest.raises(DeadlineError):
        reader.next(1)
    reader.close()


def test_a_short_wait_in_vain_is_no_error_while_patience_is_left() -> None:
    reader = PatientReader(in_background(Script(SILENCE)), 60, time.monotonic() + 60)

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

    def open_slowly() -> Source:
        opening.wait(10)
        return source

    reader = BackgroundReader(open_slowly)
    with pytest.raises(SilenceError):
        reader.get(0.01)
    opening.set()

    assert reader.get(10) == b"first"


def test_an_error_in_opening_is_raised_where_the_source_is_waited_for() -> None:
    def fail() -> Source:
        raise ValueError("opening")

    with pytest.raises(ValueError, match="opening"):
        BackgroundReader(fail).get(10)


def test_a_source_that_opens_after_the_reader_was_closed_is_closed() -> None:
    opening, closed = threading.Event(), threading.Event()

    class Late(Script):
        def close(self) -> None:
            closed.set()

    def open_late() -> Source:
        opening.wait(10)
        return Late(b"first")

    BackgroundReader(open_late).close()
    opening.set()

    assert closed.wait(10)


def test_the_rest_is_everything_to_the_end() -> None:
    assert PatientReader(in_background(Script(b"a", b"b")), 60, time.monotonic() + 60).rest() == b"ab"
