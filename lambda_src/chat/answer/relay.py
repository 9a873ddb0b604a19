"""Follows an upstream answer event by event, so that its silence, its end and its errors are noticed."""

import time
from collections.abc import Iterator
from typing import Protocol

from chat.answer.background import SilenceError
from chat.answer.events import Event, EventSplitter
from chat.answer.timed_reader import TimedReader
from chat.errors import ApiError, UpstreamIncompleteError

# The end of the HTTP body comes with the last event or right after it; a server that leaves it open is not waited for.
_END_SECONDS = 0.05


class Watch(Protocol):
    """Knows the events of one API: looks for an answer's end and errors, and for what it used.

    Attributes:
        complete: Whether the answer has all that it should have.
        over: Whether its last event has come, after which nothing counts.
    """

    complete: bool
    over: bool

    def look_at(self, event: Event) -> None:
        """Note what an event says.

        Raises:
            ApiError: It says that the answer failed.
        """


class Relay:
    """The events of one answer.

    Args:
        reader: Where upstream's bytes come from.
        heartbeat_seconds: The longest silence towards the client.
        watch: Sees every event.
    """

    def __init__(self, reader: TimedReader, heartbeat_seconds: float, watch: Watch) -> None:
        self._reader = reader
        self._heartbeat_seconds = heartbeat_seconds
        self._watch = watch
        self._splitter = EventSplitter()
        self._started: Iterator[list[Event]] | None = None
        self._first: list[Event] | None = None

    def wait(self, seconds: float) -> None:
        """Wait for upstream's first events, so that its refusal can still become the status.

        Args:
            seconds: How long at most; it is no error if none came by then.

        Raises:
            ApiError: Upstream refused, or the time for this answer is over.
        """
        self._started = self._events(seconds)
        self._first = next(self._started)

    def __iter__(self) -> Iterator[list[Event]]:
        """Events as they come, those of one packet together; an empty list when a heartbeat is due.

        Raises:
            ApiError: The answer cannot be completed.
        """
        if self._started is None or self._first is None:
            raise RuntimeError("wait() comes first")
        yield self._first
        yield from self._started

    def _events(self, seconds: float) -> Iterator[list[Event]]:
        due = time.monotonic() + seconds  # for something to go to the client, whatever the bytes make up
        ended = False
        while not (ended or self._watch.over):
            events: list[Event] = []
            error: ApiError | None = None
            is_due = False
            try:
                chunk = self._reader.next(max(0.0, due - time.monotonic()))
            except SilenceError:
                is_due = True
            else:
                ended = chunk is None
                events, error = self._cut(chunk)
                is_due = not events and time.monotonic() >= due
            if events or (is_due and error is None):  # what came before an error is not lost
                yield events
                due = time.monotonic() + self._heartbeat_seconds
            if error:
                raise error
        if not self._watch.complete:
            raise UpstreamIncompleteError("The answer ended before it was complete.")
        if not ended:
            self._reader.drain(_END_SECONDS)

    def _cut(self, chunk: bytes | None) -> tuple[list[Event], ApiError | None]:
        events: list[Event] = []
        try:
            for event in self._splitter.end() if chunk is None else self._splitter.feed(chunk):
                self._watch.look_at(event)
                events.append(event)
                if self._watch.over:
                    break
        except ApiError as error:
            return events, error
        return events, None

    def close(self) -> None:
        """Stop reading upstream's answer."""
        self._reader.close()
