import json
from collections.abc import Iterator

import pytest

from streaming_runtime import StreamingResponse
from streaming_runtime.response import PRELUDE_END, StartedResponse


class Body:
    """A body that remembers whether it was closed."""

    def __init__(self, chunks: list[object]) -> None:
        self.chunks = chunks
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk  # type: ignore[misc]  # wrong types are part of the tests

    def close(self) -> None:
        self.closed += 1


def test_head_is_prelude_then_eight_nuls_then_first_chunk() -> None:
    response = StreamingResponse([b"one", b"two"], 201, {"content-type": "text/plain"}, ["a=1; HttpOnly"])

    prelude, end, first = StartedResponse(response).head

    assert json.loads(prelude) == {
        "statusCode": 201,
        "headers": {"content-type": "text/plain"},
        "cookies": ["a=1; HttpOnly"],
    }
    assert end == PRELUDE_END == b"\0" * 8
    assert first == b"one"


def test_header_values_outside_ascii_are_escaped_in_the_prelude() -> None:
    prelude, *_ = StartedResponse(StreamingResponse([b"x"], headers={"x-name": "日本"})).head

    assert prelude.isascii()
    assert json.loads(prelude)["headers"] == {"x-name": "日本"}


def test_empty_chunks_are_skipped_because_they_would_end_the_stream() -> None:
    started = StartedResponse(StreamingResponse([b"", b"", b"one", b"", b"two", b""]))

    assert started.head[2] == b"one"
    assert list(started) == [b"two"]


@pytest.mark.parametrize("status", [200, 404, 500])
def test_an_empty_body_is_sent_as_one_byte(status: int) -> None:
    assert StartedResponse(StreamingResponse([], status)).head[2:] == (b"\n",)


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_stays_without(status: int) -> None:
    assert StartedResponse(StreamingResponse([], status)).head[2:] == ()


def test_an_error_before_the_first_chunk_is_raised_at_once_and_closes_the_body() -> None:
    body = Body([b"", ValueError("early")])

    with pytest.raises(ValueError, match="early"):
        StartedResponse(StreamingResponse(body))

    assert body.closed == 1


def test_a_later_error_is_left_for_whoever_reads_on() -> None:
    body = Body([b"one", ValueError("late")])

    started = StartedResponse(StreamingResponse(body))

    with pytest.raises(ValueError, match="late"):
        list(started)
    started.close()
    assert body.closed == 1


def test_text_in_a_body_is_refused_by_name() -> None:
    body = Body(["text"])

    with pytest.raises(TypeError, match="yields bytes, not str"):
        StartedResponse(StreamingResponse(body))


def test_a_body_without_close_is_fine() -> None:
    StartedResponse(StreamingResponse([b"x"])).close()
