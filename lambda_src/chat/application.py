"""The routes: from a Function URL event to a response, with every error told in OpenAI's shape."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Protocol

from chat.answer.background import BackgroundReader, Source
from chat.answer.bodies import EventStream, OnEnd, PlainText, StreamedBody
from chat.answer.call import Call
from chat.answer.patience import PatientReader
from chat.answer.relay import Relay
from chat.auth.guard import Guard
from chat.errors import ApiError, InternalError, MethodNotAllowedError, UnknownPathError, UpstreamMalformedError
from chat.limits.estimate import Estimate
from chat.limits.limits import Limits
from chat.limits.reservation import Reservation
from chat.log import log_defect
from chat.record import RequestRecord
from chat.request.completion_request import CompletionRequest
from chat.request.http_request import HttpRequest
from chat.settings import Settings
from chat.usage import tokens_of_bytes
from streaming_runtime import StreamingResponse

_EVENT_STREAM = "text/event-stream; charset=utf-8"
_PLAIN_TEXT = "text/plain; charset=utf-8"

# Answered to whoever asks, whatever the settings.
_OPEN_ROUTES = frozenset({"/health"})


class Context(Protocol):
    """What is used of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda's time-out."""


class Opener(Protocol):
    """The model's service."""

    def open(self, payload: Mapping[str, object]) -> Source:
        """Ask for a completion; raises `ApiError` if upstream does not give one."""


class Application:
    """The chat endpoint.

    Args:
        settings: What this deployment allows.
        upstream: The model's service, for streamed answers.
        whole_upstream: The same, for the others.
        guard: Tells who is asking.
        limits: What they may use in a day.
    """

    def __init__(
        self, settings: Settings, upstream: Opener, whole_upstream: Opener, guard: Guard, limits: Limits
    ) -> None:
        self._settings = settings
        self._upstream = upstream
        self._whole_upstream = whole_upstream
        self._guard = guard
        self._limits = limits
        self._routes: dict[str, dict[str, Callable[[HttpRequest, Call], StreamingResponse]]] = {
            "/": {"POST": self._message},
            "/v1/chat/completions": {"POST": self._chat_completions},
            "/v1/models": {"GET": self._models},
            "/v1/usage": {"GET": self._usage},
            "/health": {"GET": self._health},
        }

    def handle(self, event: Mapping[str, object], context: Context) -> StreamingResponse:
        """Answer one request; whatever is wrong with it becomes a response too."""
        seconds = context.get_remaining_time_in_millis() / 1000 - self._settings.deadline_margin_seconds
        call = Call(RequestRecord(context.aws_request_id), time.monotonic() + seconds)
        try:
            request = HttpRequest.from_event(event)
            answer = self._route(request, call)
            if request.path not in _OPEN_ROUTES:
                call.record.subject = self._guard.identify(request.headers)
            return answer(request, call)
        except ApiError as error:
            return call.refuse(error)
        except Exception as error:  # noqa: BLE001  # the client gets an answer whatever happens
            log_defect(error)
            return call.refuse(InternalError())

    def _route(self, request: HttpRequest, call: Call) -> Callable[[HttpRequest, Call], StreamingResponse]:
        methods = self._routes.get(request.path)
        if methods is None:
            raise UnknownPathError("There is nothing at this path. The API is at /v1/chat/completions and /v1/models.")
        call.record.route = request.path
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            allowed = ", ".join(methods)
            raise MethodNotAllowedError(f"Use {allowed} here, not {request.method[:16]}.", headers={"allow": allowed})
        return methods[method]

    def _health(self, _request: HttpRequest, call: Call) -> StreamingResponse:
        return call.respond({"status": "ok"})

    def _models(self, _request: HttpRequest, call: Call) -> StreamingResponse:
        models = [
            {"id": name, "object": "model", "created": 0, "owned_by": "upstream"} for name in self._settings.models
        ]
        return call.respond({"object": "list", "data": models})

    def _usage(self, _request: HttpRequest, call: Call) -> StreamingResponse:
        return call.respond(self._limits.usage(call.record.subject))

    def _message(self, request: HttpRequest, call: Call) -> StreamingResponse:
        asked = CompletionRequest.from_message(request.body, self._settings)
        patience = self._settings.silence_seconds
        return self._stream(asked, call, patience, PlainText, _PLAIN_TEXT)

    def _chat_completions(self, request: HttpRequest, call: Call) -> StreamingResponse:
        asked = CompletionRequest.from_chat(request.body, self._settings)
        if not asked.stream:
            return self._complete(asked, call)
        return self._stream(
            asked,
            call,
            self._settings.first_byte_seconds,
            partial(EventStream, include_usage=asked.include_usage),
            _EVENT_STREAM,
        )

    def _stream(
        self,
        asked: CompletionRequest,
        call: Call,
        wait_seconds: float,
        body: Callable[[Relay, OnEnd], StreamedBody],
        content_type: str,
    ) -> StreamingResponse:
        with ExitStack() as unless_started:
            reservation = unless_started.enter_context(self._reserve(asked, call))
            relay = Relay(self._ask(asked, call), self._settings.heartbeat_seconds, call.record.usage)
            unless_started.callback(relay.close)
            relay.wait(wait_seconds)
            unless_started.pop_all()

        def end(error: ApiError | None) -> None:
            try:
                reservation.settle(error.code if error else None)
            finally:
                call.end(error)

        return call.stream(body(relay, end), content_type)

    def _complete(self, asked: CompletionRequest, call: Call) -> StreamingResponse:
        with self._reserve(asked, call):
            reader = self._ask(asked, call)
            usage = call.record.usage
            try:
                body = reader.rest()
            finally:
                reader.close()
            usage.saw_content(tokens_of_bytes(len(body)))
            try:
                answer = json.loads(body)
                choices = answer["choices"]
                usage.finish_reason = choices[0]["finish_reason"]
            except (ValueError, LookupError, TypeError, RecursionError):
                raise UpstreamMalformedError("The model's service sent an answer that is not a completion.") from None
            usage.saw_usage(answer.get("usage"))
        return call.respond_bytes(body)

    def _reserve(self, asked: CompletionRequest, call: Call) -> Reservation:
        seconds = call.deadline - time.monotonic() + self._settings.deadline_margin_seconds
        reservation = self._limits.reserve(call.record.subject, Estimate.of(asked.payload), seconds, call.record.usage)
        call.headers.update(reservation.headers)
        return reservation

    def _ask(self, asked: CompletionRequest, call: Call) -> PatientReader:
        call.record.model = asked.model
        upstream = self._upstream if asked.stream else self._whole_upstream
        reader = BackgroundReader(lambda: upstream.open(asked.payload))
        return PatientReader(reader, self._settings.silence_seconds, call.deadline)
