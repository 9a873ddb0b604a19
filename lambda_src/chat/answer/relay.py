"""Follows an upstream answer event by event, so that its silence, its end and its errors are noticed."""

from collections.abc import Iterator

from chat.answer.background import SilenceError
from chat.answer.events import Event, EventSplitter
from chat.answer.patience import PatientReader
from chat.errors import ApiError, UpstreamError, UpstreamIncompleteError
from chat.usage import Usage, tokens_of_bytes


class Relay:
    """The events of one answer.

    Args:
        reader: Where upstream's bytes come from.
        heartbeat_seconds: The longest silence towards the client.
        usage: Gets the first token's time, the finish reason and the token counts.
    """

    def __init__(self, reader: PatientReader, heartbeat_seconds: float, usage: Usage) -> None:
        self._reader = reader
        self._heartbeat_seconds = heartbeat_seconds
        self._usage = usage
        self._splitter = EventSplitter()
        self._complete = False
        self._started: Iterator[list[Event]] | None = None
        self._first: list[Event] | None = None

    def wait(self, seconds: float) -> None:
        """Wait for upstream's first events, so that its refusal can still become the status.

        Args:
            seconds: How long at most; it is no error if nothing came by then.

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
        ended = False
        while not ended:
            try:
                chunk = self._reader.next(seconds)
            except SilenceError:
                yield []
                continue
            finally:
                seconds = self._heartbeat_seconds
            ended = chunk is None
            events, error = self._cut(chunk)
            if events:  # what came before an error is not lost
                yield events
            if error:
                raise error
        if not self._complete:
            raise UpstreamIncompleteError("The answer ended before it was complete.")

    def _cut(self, chunk: bytes | None) -> tuple[list[Event], ApiError | None]:
        events: list[Event] = []
        try:
            for event in self._splitter.end() if chunk is None else self._splitter.feed(chunk):
                self._look_at(event)
                events.append(event)
        except ApiError as error:
            return events, error
        return events, None

    def close(self) -> None:
        """Stop reading upstream's answer."""
        self._reader.close()

    def _look_at(self, event: Event) -> None:
        # Once for every token: plain tests, as `match` takes several times as long.
        self._complete |= event.done
        data = event.data
        if data is None:
            return
        if "error" in data:
            error = data["error"]
            code = error.get("code") if isinstance(error, dict) else None
            raise UpstreamError(
                "The model's service reported an error in the middle of its answer.",
                code=code[:64] if isinstance(code, str) else None,
            )
        choices = data.get("choices")
        if isinstance(choices, list) and choices and isinstance(choice := choices[0], dict):
            if isinstance(reason := choice.get("finish_reason"), str):
                self._complete = True
                self._usage.saw_finish(reason)
            if isinstance(delta := choice.get("delta"), dict) and (tokens := _content_tokens(delta)):
                self._usage.saw_content(tokens)
        if usage := data.get("usage"):
            self._usage.saw_usage(usage)


def _content_tokens(delta: dict[str, object]) -> int:
    tokens = 0
    for name, value in delta.items():
        if value and name != "role":
            tokens += tokens_of_bytes(len(str(value).encode(errors="replace")))
    return tokens
