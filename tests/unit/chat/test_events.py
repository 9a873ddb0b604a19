import json
import random
from dataclasses import replace

import pytest

from chat.answer.events import MAX_EVENT_BYTES, Event, EventSplitter, encode
from chat.errors import UpstreamMalformedError

STREAM = (
    'data: {"choices": [{"delta": {"content": "日本語 😀"}}]}\n\n'
    ": a comment\n\n"
    'id: 7\r\ndata: {"a": 1}\r\n\r\n'
    'event: message\ndata: {"b":\ndata: 2}\n\n'
    "data: [DONE]\n\n"
).encode()


def split(*chunks: bytes) -> list[Event]:
    splitter = EventSplitter()
    return [event for chunk in chunks for event in splitter.feed(chunk)] + list(splitter.end())


def without_raw(event: Event) -> Event:
    """Where a packet ends between CR and LF, the LF comes with the next event."""
    return replace(event, raw=b"")


def test_events_of_every_form() -> None:
    answer, comment, with_id, two_lines, done = split(STREAM)

    assert answer.data == {"choices": [{"delta": {"content": "日本語 😀"}}]}
    assert comment == Event(b": a comment\n\n")
    assert (with_id.data, with_id.has_id) == ({"a": 1}, True)
    assert two_lines.data == {"b": 2}
    assert (done.data, done.done) == (None, True)


@pytest.mark.parametrize("border", range(len(STREAM) + 1))
def test_no_byte_is_lost_wherever_packets_divide_the_stream(border: int) -> None:
    events = split(STREAM[:border], STREAM[border:])

    assert [without_raw(event) for event in events] == [without_raw(event) for event in split(STREAM)]
    assert b"".join(event.raw for event in events) == STREAM


def test_no_byte_is_lost_in_single_bytes_or_random_packets() -> None:
    whole = [without_raw(event) for event in split(STREAM)]
    dice = random.Random(1)  # noqa: S311  # test data
    for _ in range(100):
        borders = sorted(dice.sample(range(1, len(STREAM)), 5))
        packets = [STREAM[a:b] for a, b in zip([0, *borders], [*borders, len(STREAM)], strict=True)]
        assert [without_raw(event) for event in split(*packets)] == whole
    assert [without_raw(event) for event in split(*(bytes([byte]) for byte in STREAM))] == whole


def test_an_event_is_given_out_as_soon_as_its_blank_line_is_there() -> None:
    splitter = EventSplitter()

    assert list(splitter.feed(b'data: {"a": 1}\n')) == []
    assert [event.data for event in splitter.feed(b"\n")] == [{"a": 1}]


def test_a_last_event_without_its_blank_line_counts() -> None:
    splitter = EventSplitter()

    assert list(splitter.feed(b"data: [DONE]\n")) == []
    assert [event.done for event in splitter.end()] == [True]
    assert list(splitter.end()) == []


@pytest.mark.parametrize(
    "raw",
    [b"data: {broken\n\n", b'data: "text"\n\n', b"data: [1]\n\n", b"<html></html>\n\n", b"data: \xff\n\n"],
)
def test_what_is_not_a_json_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(UpstreamMalformedError):
        split(raw)


@pytest.mark.parametrize(
    "raw", [b"retry: 10\n\n", b"id: 1\n\n", b"data:\n\n", b"data\n\n", b"event: x\ndata: \n\n", b"\n\n"]
)
def test_an_event_without_data_is_dropped_as_openai_python_fails_on_it(raw: bytes) -> None:
    assert split(raw + b"data: {}\n\n") == split(b"data: {}\n\n")


def test_an_endless_event_is_malformed() -> None:
    with pytest.raises(UpstreamMalformedError):
        split(b"data: " + b"x" * MAX_EVENT_BYTES)


def test_our_own_events_are_one_line_of_json() -> None:
    raw = encode({"error": {"message": "line\nbreak"}})

    assert raw.startswith(b"data: {")
    assert raw.count(b"\n") == 2
    assert json.loads(raw[6:]) == {"error": {"message": "line\nbreak"}}
