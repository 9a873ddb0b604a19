"""The routes: from a Function URL event to a response; every error becomes one too, in OpenAI's shape."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from chat.answer.bodies import EventStream, PlainText
from chat.answer.call import Call
from chat.answer.completion import CompletionWatch, Explain, whole_completion
from chat.auth.guard import Guard
from chat.errors import ApiError, InternalError, MethodNotAllowedError, UnknownPathError
from chat.exchange import Exchange
from chat.limits.limits import Limits
from chat.log import log_defect
from chat.record import RequestRecord
from chat.request.completion_request import CompletionRequest
from chat.request.http_request import HttpRequest
from chat.settings import Settings
from streaming_runtime import StreamingResponse

_EVENT_STREAM = "text/event-stream; charset=utf-8"
_PLAIN_TEXT = "text/plain; charset=utf-8"

# Answered to whoever asks, whatever the settings.
_OPEN_ROUTES = frozenset({"/health"})

Route = Callable[[HttpRequest, Call], StreamingResponse]


class Context(Protocol):
    """What is used of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda's time-out."""


class Application:
    """The chat endpoint.

    Args:
        settings: What this deployment allows.
        exchange: Asks the model.
        explain: Makes upstream's error object an error of ours.
        guard: Knows who is asking.
        limits: What they may use in a day.
    """

    def __init__(self, settings: Settings, exchange: Exchange, explain: Explain, guard: Guard, limits: Limits) -> None:
        self._settings = settings
        self._exchange = exchange
        self._explain = explain
        self._guard = guard
        self._limits = limits
        self._routes: dict[str, dict[str, Route]] = {
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

    def _route(self, request: HttpRequest, call: Call) -> Route:
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
        watch = CompletionWatch(call.record.usage, self._explain)
        return self._exchange.stream(asked, call, self._settings.silence_seconds, watch, PlainText, _PLAIN_TEXT)

    def _chat_completions(self, request: HttpRequest, call: Call) -> StreamingResponse:
        asked = CompletionRequest.from_chat(request.body, self._settings)
        usage = call.record.usage
        if not asked.stream:
            return self._exchange.whole(asked, call, lambda reader: whole_completion(reader, usage, self._explain))
        watch = CompletionWatch(usage, self._explain)
        body = partial(EventStream, include_usage=asked.include_usage)
        return self._exchange.stream(asked, call, self._settings.first_byte_seconds, watch, body, _EVENT_STREAM)
