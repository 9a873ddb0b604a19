"""The splitter beside an independent reader: the algorithm of the HTML standard, written down line by line.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import json
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.answer.events import Event, EventSplitter


def dispatched(stream: bytes) -> list[tuple[str, str]]:
    """The type and data of each event that a browser dispatches, in a stream that ends with a blank line."""
    text = stream.decode().removeprefix("\ufeff")
    events, data, kind = [], "", ""
    for line in re.split("\r\n|\n|\r", text):
        if line == "":
            if data != "":
                events.append((kind or "message", data.removesuffix("\n")))
            data, kind = "", ""
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                kind = value
            elif field == "data":
                data += value + "\n"
    return events


line_end = st.sampled_from(["\n", "\r\n", "\r"])
space = st.sampled_from(["", " "])
value = st.dictionaries(st.text(max_size=4), st.none() | st.integers() | st.text(max_size=4), max_size=2)


@st.composite
def event(draw: st.DrawFn) -> str:
    """One event of any valid form, its lines ended each in its own way."""
    pretty = json.dumps(draw(value), indent=draw(st.sampled_from([None, 0])), ensure_ascii=draw(st.booleans()))
    lines = [f"data:{draw(space)}{line}" for line in pretty.split("\n")]
    data = draw(st.sampled_from([lines, lines, lines, ["data: [DONE]"], ["data: [DONE] "], ["data:"], ["data"], []]))
    others = st.sampled_from([": comment", ":", "id: 7", "id", "retry: 10", "event: message", "event: error"])
    lines = draw(st.lists(others, max_size=2)) + data + draw(st.lists(others, max_size=1))
    text = "".join(line + draw(line_end) for line in lines)
    return text + ("\r" if text.endswith("\r") else draw(line_end))  # CR and LF would be one line end


@st.composite
def stream(draw: st.DrawFn) -> bytes:
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return (bom + "".join(draw(st.lists(event(), max_size=5)))).encode()


def split(whole: bytes, borders: list[int]) -> list[Event]:
    at = sorted({border % (len(whole) + 1) for border in borders})
    splitter = EventSplitter()
    packets = [whole[a:b] for a, b in zip([0, *at], [*at, len(whole)], strict=True)]
    return [each for packet in packets for each in splitter.feed(packet)] + list(splitter.end())


def as_seen(events: list[tuple[str, str]]) -> list[object]:
    """What matters of dispatched events: the JSON, or that it is the last; those without any are ignored."""
    texts = [data.strip() for _, data in events if data.strip()]
    return [text if text == "[DONE]" else json.loads(text) for text in texts]


@settings(max_examples=500, deadline=None, database=None)
@given(stream(), st.lists(st.integers(0, 10_000), max_size=6))
@example(b"\xef\xbb\xbfdata: {}\n\r\n", [1, 2])
@example(b'data: {"a": 1}\r\n\r\ndata: [DONE] \r\n\r\n', [17, 18, 19])
@example(b'data: {"a":\rdata: 1}\r\r', [])
@example(b"retry: 10\n\ndata:\n\nid: 1\n\n", [])
def test_every_valid_stream_is_understood_as_browsers_do(whole: bytes, borders: list[int]) -> None:
    events = split(whole, borders)

    assert [("[DONE]" if each.done else each.data) for each in events if each.done or each.data is not None] == as_seen(
        dispatched(whole)
    )
    # What is passed on says the same, without what has no data.
    passed_on = dispatched(b"".join(each.raw for each in events))
    assert [each for each in passed_on if each[1].strip()] == [each for each in dispatched(whole) if each[1].strip()]
    assert all(data.strip() for _, data in passed_on)
    assert all(
        each.is_error == (kind == "error")
        for each, (kind, _) in zip(
            [each for each in events if each.data is not None],
            [each for each in passed_on if each[1].strip() != "[DONE]"],
            strict=True,
        )
    )
