"""One exchange with the model: tokens reserved, the model asked, its answer passed on, what it used counted."""

import math
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol

from chat.answer.background import BackgroundReader, Source
from chat.answer.bodies import OnEnd, StreamedBody
from chat.answer.call import Call
from chat.answer.relay import Relay, Watch
from chat.answer.timed_reader import TimedReader
from chat.errors import ApiError, DeadlineError
from chat.limits.estimate import Estimate
from chat.limits.limits import Limits
from chat.limits.reservation import Reservation
from chat.settings import Settings
from chat.usage import Usage
from streaming_runtime import StreamingResponse


class Asked(Protocol):
    """A checked request, ready to be sent."""

    @property
    def path(self) -> str:
        """Where to, after the base URL of the model's service."""

    @property
    def body(self) -> bytes:
        """As JSON."""

    @property
    def model(self) -> str:
        """The model it asks for."""

    @property
    def stream(self) -> bool:
        """Whether the answer is streamed."""

    @property
    def tokens_in(self) -> int:
        """The tokens of the request, guessed high."""

    @property
    def tokens_out(self) -> int:
        """The most tokens that its answer may have."""


class Opener(Protocol):
    """The model's service."""

    def open(self, body: bytes, path: str, is_wanted: Callable[[], bool]) -> Source:
        """Ask for an answer, unless nobody waits for it any more; raises `ApiError` if upstream does not give one."""


class Exchange:
    """Asks the model, within the limits.

    Args:
        settings: What this deployment allows.
        upstream: The model's service, for streamed answers.
        whole_upstream: The same, for the others.
        limits: What people may use in a day.
    """

    def __init__(self, settings: Settings, upstream: Opener, whole_upstream: Opener, limits: Limits) -> None:
        self._settings = settings
        self._upstream = upstream
        self._whole_upstream = whole_upstream
        self._limits = limits

    def stream(  # noqa: PLR0913  # what differs between the APIs that are streamed
        self,
        asked: Asked,
        call: Call,
        watch: Watch,
        body: Callable[[Relay, OnEnd], StreamedBody],
        content_type: str,
        *,
        heartbeats: bool,
    ) -> StreamingResponse:
        """Begin to pass on an answer as it comes.

        Args:
            asked: What to ask.
            call: The request that it is for.
            watch: Knows the answer's events.
            body: Makes them what the client gets.
            content_type: Of that.
            heartbeats: Whether that has them: then upstream's silence need not be the client's, but for a status of
                upstream's own a client is kept waiting for a while.

        Raises:
            ApiError: A limit leaves no room, or upstream does not answer.
        """
        settings = self._settings
        silence = settings.silence_seconds if heartbeats else self._quiet_seconds
        with ExitStack() as unless_started:
            reservation = unless_started.enter_context(self._reserve(asked, call))
            reader = self._ask(asked, call, silence, call.deadline)
            relay = Relay(reader, settings.heartbeat_seconds, watch)
            unless_started.callback(relay.close)
            relay.wait(settings.first_byte_seconds if heartbeats else silence)
            call.headers.update(reader.headers)

            def end(error: ApiError | None) -> None:
                call.end(error)
                reservation.settle(error.code if error else None)

            response = call.stream(body(relay, end), content_type)
            unless_started.pop_all()
        return response

    def whole(self, asked: Asked, call: Call, read: Callable[[TimedReader, Usage], bytes]) -> StreamingResponse:
        """Pass on an answer when all of it is there.

        Args:
            asked: What to ask.
            call: The request that it is for.
            read: Reads all of it, and notes what it used.

        Raises:
            ApiError: A limit leaves no room, or upstream does not answer.
        """
        until = min(call.deadline, time.monotonic() + (self._settings.quiet_seconds or math.inf))
        with self._reserve(asked, call):
            reader = self._ask(asked, call, self._settings.silence_seconds, until)
            try:
                body = read(reader, call.record.usage)
            except DeadlineError:
                if until == call.deadline:
                    raise
                seconds = self._settings.quiet_seconds
                raise DeadlineError(
                    f"The answer was not there within {seconds:g} seconds. A streamed one may take longer."
                ) from None
            call.headers.update(reader.headers)
        return call.respond_bytes(body)

    def _reserve(self, asked: Asked, call: Call) -> Reservation:
        seconds = call.deadline - time.monotonic() + self._settings.deadline_margin_seconds
        estimate = Estimate(asked.tokens_in, asked.tokens_out)
        reservation = self._limits.reserve(call.record.subject, estimate, seconds, call.record.usage)
        call.headers.update(reservation.headers)
        return reservation

    @property
    def _quiet_seconds(self) -> float:
        silence, quiet = self._settings.silence_seconds, self._settings.quiet_seconds
        return silence if quiet is None else min(silence, quiet)

    def _ask(self, asked: Asked, call: Call, silence_seconds: float, deadline: float) -> TimedReader:
        call.record.model = asked.model
        upstream = self._upstream if asked.stream else self._whole_upstream
        reader = BackgroundReader(lambda is_wanted: upstream.open(asked.body, asked.path, is_wanted))
        return TimedReader(reader, silence_seconds, deadline)
