"""The routes: from a Function URL event to a response; every error becomes one too, in OpenAI's shape."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Protocol
from urllib.parse import unquote

from chat.answer.bodies import EventStream, PlainText
from chat.answer.call import Call
from chat.answer.completion import CompletionWatch, Explain
from chat.answer.response import ResponseStream, ResponseWatch
from chat.answer.whole import whole_completion, whole_embeddings, whole_response
from chat.auth.guard import Guard
from chat.errors import (
    ApiError,
    InternalError,
    MethodNotAllowedError,
    NotOfferedError,
    UnknownPathError,
    UpstreamRefusedError,
)
from chat.exchange import Exchange
from chat.limits.limits import Limits
from chat.log import log_defect
from chat.record import RequestRecord
from chat.request.completion_request import CompletionRequest
from chat.request.embedding_request import EmbeddingRequest
from chat.request.http_request import HttpRequest
from chat.request.parameters import offered
from chat.request.response_request import ResponseRequest
from chat.settings import Settings
from streaming_runtime import StreamingResponse

_EVENT_STREAM = "text/event-stream; charset=utf-8"
_PLAIN_TEXT = "text/plain; charset=utf-8"

_ONE_MODEL = "/v1/models/"  # and its name

# The code that a refusal gets to which upstream has given none, and what some give for a path that they do not know.
_UNKNOWN_TO_UPSTREAM = frozenset({"not_found", "unknown_url", "upstream_refused"})

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
            "/v1/responses": {"POST": self._responses},
            "/v1/embeddings": {"POST": self._embeddings},
            "/v1/models": {"GET": self._models},
            _ONE_MODEL: {"GET": self._one_model},
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
        path = _ONE_MODEL if request.path.startswith(_ONE_MODEL) else request.path
        methods = self._routes.get(path)
        if methods is None:
            raise UnknownPathError(
                "There is nothing at this path. The API is at /v1/chat/completions, /v1/responses and /v1/models."
            )
        call.record.route = path
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            allowed = ", ".join(methods)
            raise MethodNotAllowedError(f"Use {allowed} here, not {request.method[:16]}.", headers={"allow": allowed})
        return methods[method]

    def _health(self, _request: HttpRequest, call: Call) -> StreamingResponse:
        return call.respond({"status": "ok"})

    def _models(self, _request: HttpRequest, call: Call) -> StreamingResponse:
        return call.respond({"object": "list", "data": [_model(name) for name in self._settings.models]})

    def _one_model(self, request: HttpRequest, call: Call) -> StreamingResponse:
        name = unquote(request.path.removeprefix(_ONE_MODEL))
        offered(name, self._settings.models + self._settings.embedding_models)
        return call.respond(_model(name))

    def _usage(self, _request: HttpRequest, call: Call) -> StreamingResponse:
        return call.respond(self._limits.usage(call.record.subject))

    def _message(self, request: HttpRequest, call: Call) -> StreamingResponse:
        asked = CompletionRequest.from_message(request.body, self._settings)
        watch = CompletionWatch(call.record.usage, self._explain)
        return self._exchange.stream(asked, call, watch, PlainText, _PLAIN_TEXT, heartbeats=False)

    def _chat_completions(self, request: HttpRequest, call: Call) -> StreamingResponse:
        asked = CompletionRequest.from_chat(request.body, self._settings)
        if not asked.stream:
            return self._exchange.whole(asked, call, whole_completion)
        watch = CompletionWatch(call.record.usage, self._explain)
        body = partial(EventStream, include_usage=asked.include_usage)
        return self._exchange.stream(asked, call, watch, body, _EVENT_STREAM, heartbeats=True)

    def _responses(self, request: HttpRequest, call: Call) -> StreamingResponse:
        asked = ResponseRequest.from_body(request.body, self._settings)
        with _if_offered("the Responses API"):
            if not asked.stream:
                return self._exchange.whole(asked, call, whole_response)
            watch = ResponseWatch(call.record.usage, self._explain)
            return self._exchange.stream(asked, call, watch, ResponseStream, _EVENT_STREAM, heartbeats=True)

    def _embeddings(self, request: HttpRequest, call: Call) -> StreamingResponse:
        asked = EmbeddingRequest.from_body(request.body, self._settings)
        with _if_offered("embeddings"):
            return self._exchange.whole(asked, call, whole_embeddings)


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "upstream"}


@contextmanager
def _if_offered(what: str) -> Iterator[None]:
    """Not every OpenAI-compatible service has every API; one that has not says no more than "not found"."""
    try:
        yield
    except UpstreamRefusedError as error:
        if error.status not in {404, 405} or error.code not in _UNKNOWN_TO_UPSTREAM:
            raise
        raise NotOfferedError(
            f"The model's service of this deployment does not offer {what}. It said: {error.message}",
            reason=error.reason,
        ) from None
