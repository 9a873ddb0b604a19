"""What a client asks for, checked against what the deployment allows, as the body to send upstream."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from chat.errors import InvalidRequestError, UnknownModelError
from chat.request.json_input import as_boolean, as_object, json_object
from chat.request.messages import SYSTEM_ROLES, check_messages
from chat.settings import Settings

# Parameters without a way to multiply the cost of a request; others need `extra_parameters`.
_PARAMETERS = frozenset(
    {
        "frequency_penalty",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "model",
        "presence_penalty",
        "reasoning_effort",
        "response_format",
        "seed",
        "stop",
        "stream",
        "stream_options",
        "temperature",
        "top_p",
        "user",
        "verbosity",
    }
)


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A checked request.

    Attributes:
        payload: The JSON body for upstream's `/chat/completions`.
        model: The model it asks for.
        stream: Whether the answer is to be streamed.
        include_usage: Whether the client asked for the event with the token counts.
    """

    payload: dict[str, object]
    model: str
    stream: bool
    include_usage: bool

    @classmethod
    def from_chat(cls, body: bytes, settings: Settings) -> "CompletionRequest":
        """Check a request in OpenAI's chat-completion format.

        Raises:
            InvalidRequestError: Something is wrong with it; `param` says what.
            TooLargeError: The messages are longer than `max_input_chars`.
            UnknownModelError: The model is not one of `models`.
        """
        sent = json_object(body)
        for name in sent:
            if name not in _PARAMETERS and name not in settings.extra_parameters:
                raise InvalidRequestError(
                    f"The parameter {name[:64]!r} is not enabled here.", code="unsupported_parameter", param=name[:64]
                )
        payload = {name: value for name, value in sent.items() if value is not None}
        model = _model(payload.get("model", settings.models[0]), settings)
        stream = as_boolean(payload.get("stream", False), "stream")
        options = as_object(payload.get("stream_options", {}), "stream_options")
        include_usage = as_boolean(options.get("include_usage", False), "stream_options.include_usage")
        messages = check_messages(payload.get("messages"), settings)
        if settings.system_prompt and not any(message["role"] in SYSTEM_ROLES for message in messages):
            messages.insert(0, {"role": "system", "content": settings.system_prompt})
        if "temperature" in payload:
            _temperature(payload["temperature"], settings)
        payload |= {"model": model, "messages": messages, "stream": stream} | _output_tokens(payload, settings)
        payload.pop("stream_options", None)
        if stream:
            payload["stream_options"] = {**options, "include_usage": True}
        return cls(payload, model, stream, include_usage)

    @classmethod
    def from_message(cls, body: bytes, settings: Settings) -> "CompletionRequest":
        """Check a request of the plain-text contract: `{"message": "…"}`.

        Raises:
            InvalidRequestError: Something is wrong with it.
            TooLargeError: The message is longer than `max_input_chars`.
        """
        message = json_object(body).get("message")
        if not isinstance(message, str):
            raise InvalidRequestError('Send {"message": "your text"}: "message" must be a string.', param="message")
        chat = {"messages": [{"role": "user", "content": message}], "stream": True}
        return cls.from_chat(json.dumps(chat).encode(), settings)


def _model(value: object, settings: Settings) -> str:
    if not isinstance(value, str):
        raise InvalidRequestError("model must be a string.", param="model")
    if value not in settings.models:
        allowed = ", ".join(settings.models)
        raise UnknownModelError(f"The model {value[:64]!r} is not offered here. Offered: {allowed}.", param="model")
    return value


def _temperature(value: object, settings: Settings) -> None:
    low, high = settings.min_temperature, settings.max_temperature
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidRequestError(f"temperature must be a number from {low:g} to {high:g}.", param="temperature")


def _output_tokens(payload: Mapping[str, object], settings: Settings) -> dict[str, int]:
    asked = [name for name in ("max_completion_tokens", "max_tokens") if name in payload]
    for name in asked:
        value = payload[name]
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= settings.max_output_tokens:
            raise InvalidRequestError(
                f"{name} must be a whole number from 1 to {settings.max_output_tokens}.", param=name
            )
    if asked:
        return {}
    # OpenAI's newer models refuse `max_tokens`; many other servers know only that.
    at_openai = (urlsplit(settings.upstream_base_url).hostname or "").endswith("openai.com")
    return {"max_completion_tokens" if at_openai else "max_tokens": settings.max_output_tokens}
