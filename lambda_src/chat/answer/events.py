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

# Two line ends of any kind, CR and LF never taken for two (`?+`). It begins with a set of characters, as the search for
# that is twice as fast. A CR counts at once, as a server that ends lines with CR alone may be silent after it; an LF
# that follows is only an empty line before the next event.
_BLANK_LINE = re.compile(rb"[\r\n](?:(?<=\r)\n)?+(?:\r\n?|\n)")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIELDS = frozenset({b"data", b"event", b"id", b"retry"})


@dataclass(frozen=True, slots=True)
class Event:
    """One event that is passed on.

    Attributes:
        raw: Its bytes as they came, with the blank line that ends it.
        data: The JSON object it carries; `None` for a comment or `[DONE]`.
        done: Whether it is `[DONE]`.
        has_id: Whether it sets the stream's last event id.
        is_error: Whether its type is `error`.
    """

    raw: bytes
    data: dict[str, object] | None = None
    done: bool = False
    has_id: bool = False
    is_error: bool = False


class EventSplitter:
    """Cuts a byte stream, however it was divided into packets, into events.

    An event without data (`retry:` alone, an empty `data:`) is dropped: browsers ignore it, openai-python fails.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """The events that `chunk` completes.

        Raises:
            UpstreamMalformedError: An event is not JSON, or is longer than `MAX_EVENT_BYTES`.
        """
        if not self._begun:
            chunk = self._without_mark(chunk)
        searched = max(0, len(self._rest) - 3)  # a blank line may lie across the border
        buffer = self._rest + chunk
        start = 0
        while found := _BLANK_LINE.search(buffer, max(start, searched)):
            event = _event(buffer[start : found.end()])
            start = found.end()
            if event:
                yield event
        self._rest = buffer[start:]
        if len(self._rest) > MAX_EVENT_BYTES:
            raise UpstreamMalformedError("The model's service sent an event that is too long.")

    def end(self) -> Iterator[Event]:
        """The event that the end of the stream left without its blank line, if there is one."""
        rest, self._rest = self._rest, b""
        if rest.strip() and (event := _event(rest + b"\n\n")):
            yield event

    def _without_mark(self, chunk: bytes) -> bytes:
        begin, self._rest = self._rest + chunk, b""
        self._begun = not _BYTE_ORDER_MARK.startswith(begin)  # as long as it may be a part of the mark
        return begin.removeprefix(_BYTE_ORDER_MARK)


def encode(data: dict[str, object]) -> bytes:
    """An event of our own."""
    return b"data: %b\n\n" % json.dumps(data, separators=(",", ":")).encode()


def _event(raw: bytes) -> Event | None:
    if raw.startswith(b"data: {") and b"\n" not in (line := raw[6:].rstrip(b"\r\n")) and b"\r" not in line:
        return Event(raw, _json_object(line))  # the common case: one line of data and nothing else
    fields: dict[bytes, list[bytes]] = {}
    for line in _LINE_END.split(raw):
        if line and not line.startswith(b":"):
            name, _, value = line.partition(b":")
            fields.setdefault(name, []).append(value.removeprefix(b" "))
    payload = b"\n".join(fields.get(b"data", [])).strip()
    if not payload:
        if not fields.keys() <= _FIELDS:
            raise UpstreamMalformedError("The model's service sent something that is not an event stream.")
        return None if fields or not raw.strip() else Event(raw)
    has_id = b"id" in fields
    if payload == DONE:
        return Event(raw, done=True, has_id=has_id)
    is_error = fields.get(b"event", [b""])[-1] == b"error"
    return Event(raw, _json_object(payload), has_id=has_id, is_error=is_error)


def _json_object(payload: bytes) -> dict[str, object]:
    try:
        value = json.loads(payload.decode())  # a stream of events is in UTF-8: no need to guess
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UpstreamMalformedError("The model's service sent an event that is not a JSON object.")
    return value
