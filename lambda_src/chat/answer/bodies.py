"""The bodies that are streamed to the client, and how each sends an error once the status has been sent."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from chat.answer.events import Event, encode
from chat.answer.relay import Relay
from chat.errors import AnswerInterruptedError, ApiError, InternalError
from chat.log import log_defect

OnEnd = Callable[[ApiError | None], None]

# `: ping` and a blank line flush every proxy and client. But once an event has carried an id, openai-python takes a
# blank line for the end of an event and fails on its missing data; then the comment stands alone.
PING = b": ping\n\n"
_PING_AFTER_ID = b": ping\n"


class StreamedBody(ABC):
    """A body that always ends in order: an error sent in-band, upstream closed, `on_end` called.

    Args:
        relay: The answer; closed with the body.
        on_end: Called once, before the client sees the end, with the error that was sent in-band if there was one.
    """

    def __init__(self, relay: Relay, on_end: OnEnd) -> None:
        self._relay = relay
        self._on_end = on_end
        self._error: ApiError | None = None
        self._open = True

    @abstractmethod
    def encode(self, events: list[Event]) -> bytes:
        """What the client gets of some events; of none, a heartbeat."""

    @abstractmethod
    def encode_error(self, error: ApiError) -> bytes:
        """How the client learns of an error."""

    def __iter__(self) -> Iterator[bytes]:
        """The body's bytes.

        Raises:
            AnswerInterruptedError: An error was sent in-band.
        """
        try:
            yield from self._encoded()
        finally:
            self.close()

    def close(self) -> None:
        """End the answer; harmless when it has ended."""
        if self._open:
            self._open = False
            try:
                self._relay.close()
            finally:
                self._on_end(self._error)

    def _encoded(self) -> Iterator[bytes]:
        try:
            for events in self._relay:
                yield self.encode(events)
        except ApiError as error:
            self._error = error
        except Exception as error:  # noqa: BLE001  # sent in-band, as it can no longer become the status
            log_defect(error)
            self._error = InternalError()
        if self._error is not None:
            yield self.encode_error(self._error)
            raise AnswerInterruptedError(self._error.code)


class EventStream(StreamedBody):
    """OpenAI's wire format: upstream's own events, and comments as heartbeats.

    Args:
        relay: The answer.
        on_end: Called when the body ends.
        include_usage: Whether the event with the token counts is passed on.
    """

    def __init__(self, relay: Relay, on_end: OnEnd, *, include_usage: bool) -> None:
        super().__init__(relay, on_end)
        self._include_usage = include_usage
        self._ping = PING

    def encode(self, events: list[Event]) -> bytes:
        """Upstream's bytes as they are."""
        if not events:
            return self._ping
        if any(event.has_id for event in events):
            self._ping = _PING_AFTER_ID
        if self._include_usage:
            return b"".join(event.raw for event in events)
        return b"".join(event.raw for event in events if not _is_usage_only(event))

    def encode_error(self, error: ApiError) -> bytes:
        """An event that OpenAI clients raise as an error."""
        return encode(error.wire())


class PlainText(StreamedBody):
    """The plain-text contract: the answer's text and nothing else, so there is no heartbeat."""

    def encode(self, events: list[Event]) -> bytes:
        """The text of the events."""
        return "".join(_text(event) for event in events).encode(errors="replace")

    def encode_error(self, error: ApiError) -> bytes:
        """A last line that says why there is no more."""
        return f"\n\n[The answer was interrupted: {error.message}]\n".encode()


def _is_usage_only(event: Event) -> bool:
    return event.data is not None and event.data.get("choices") == [] and bool(event.data.get("usage"))


def _text(event: Event) -> str:
    match event.data:
        case {"choices": [{"delta": {"content": str(text)}}, *_]}:
            return text
    return ""
