"""Server-sent events as bytes: cut out of a stream, looked into, never re-serialised.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chat.errors import UpstreamMalformedError

DONE = b"[DONE]"
MAX_EVENT_BYTES = 1024 * 1024

_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        raw: Its bytes as they came, with the blank line that ends it.
        data: The JSON object it carries; `None` for a comment or `[DONE]`.
        done: Whether it is `[DONE]`.
        has_id: Whether it sets the stream's last event id.
    """

    raw: bytes
    data: dict[str, object] | None = None
    done: bool = False
    has_id: bool = False


class EventSplitter:
    """Cuts a byte stream, however it was divided into packets, into events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """The events that `chunk` completes.

        Raises:
            UpstreamMalformedError: An event is not JSON, or is longer than `MAX_EVENT_BYTES`.
        """
        searched = max(0, len(self._rest) - 3)  # a blank line may lie across the border
        buffer = self._rest + chunk
        start = 0
        while found := _BLANK_LINE.search(buffer, max(start, searched)):
            yield _event(buffer[start : found.end()])
            start = found.end()
        self._rest = buffer[start:]
        if len(self._rest) > MAX_EVENT_BYTES:
            raise UpstreamMalformedError("The model's service sent an event that is too long.")

    def end(self) -> Iterator[Event]:
        """The event that the end of the stream left without its blank line, if there is one."""
        if self._rest.strip():
            yield _event(self._rest + b"\n\n")
        self._rest = b""


def encode(data: dict[str, object]) -> bytes:
    """An event of our own."""
    return b"data: %b\n\n" % json.dumps(data, separators=(",", ":")).encode()


def _event(raw: bytes) -> Event:
    if raw.startswith(b"data: {") and b"\n" not in (line := raw[6:].rstrip(b"\r\n")):
        return Event(raw, _json_object(line))  # the common case: one line of data and nothing else
    data: list[bytes] = []
    has_id = False
    for line in _LINE_END.split(raw):
        name, _, value = line.partition(b":")
        if name == b"data":
            data.append(value.removeprefix(b" "))
        has_id |= name == b"id"
    payload = b"\n".join(data)
    if payload == DONE:
        return Event(raw, done=True, has_id=has_id)
    if not data and all(not line or line.startswith(b":") for line in _LINE_END.split(raw)):
        return Event(raw)
    return Event(raw, _json_object(payload), has_id=has_id)


def _json_object(payload: bytes) -> dict[str, object]:
    try:
        value = json.loads(payload.decode())  # a stream of events is in UTF-8: no need to guess
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UpstreamMalformedError("The model's service sent an event that is not a JSON object.")
    return value
