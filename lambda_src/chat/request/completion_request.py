"""What a client asks for, checked against what the deployment allows, as the body to send upstream."""

from dataclasses import dataclass

from chat.errors import InvalidRequestError
from chat.request import output_limit
from chat.request.json_input import as_boolean, as_count, as_object, json_bytes, json_object, known
from chat.request.messages import SYSTEM_ROLES, check_messages
from chat.request.parameters import COMPLETION_PARAMETERS, check_temperature, offered, requested
from chat.request.size import Size
from chat.settings import Settings

_MAX_ANSWERS = 128  # OpenAI's for `n`
_STREAM_OPTIONS = frozenset({"include_obfuscation", "include_usage"})


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A checked request.

    Attributes:
        body: The JSON for upstream's `/chat/completions`.
        model: The model it asks for.
        stream: Whether the answer is to be streamed.
        include_usage: Whether the client asked for the event with the token counts.
        tokens_in: The tokens of the request, guessed high.
        tokens_out: The most tokens that all its answers together may have.
        path: Of upstream's API.
    """

    body: bytes
    model: str
    stream: bool
    include_usage: bool
    tokens_in: int
    tokens_out: int
    path: str = "/chat/completions"

    @classmethod
    def from_chat(cls, body: bytes, settings: Settings) -> "CompletionRequest":
        """Check a request in OpenAI's chat-completion format.

        Raises:
            InvalidRequestError: Something is wrong with it; `param` says what.
            TooLargeError: It is longer than `max_input_chars`.
            UnknownModelError: The model is not one of `models`.
        """
        return cls._checked(json_object(body), settings)

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
        return cls._checked({"messages": [{"role": "user", "content": message}], "stream": True}, settings)

    @classmethod
    def _checked(cls, sent: dict[str, object], settings: Settings) -> "CompletionRequest":
        asked = requested(sent, COMPLETION_PARAMETERS, settings.extra_parameters)
        size = Size()
        model = offered(asked.pop("model", settings.models[0]), settings.models)
        stream = as_boolean(asked.pop("stream", False), "stream")
        options = known(as_object(asked.pop("stream_options", {}), "stream_options"), _STREAM_OPTIONS, "stream_options")
        for name, value in options.items():
            as_boolean(value, f"stream_options.{name}")
        messages = check_messages(asked.pop("messages", None), settings, size)
        if settings.system_prompt and not any(message["role"] in SYSTEM_ROLES for message in messages):
            messages.insert(0, {"role": "system", "content": settings.system_prompt})
        check_temperature(asked, settings)
        answers = as_count(asked.get("n", 1), "n", _MAX_ANSWERS)
        tokens = output_limit.output_tokens(asked, settings.max_output_tokens)
        others = {name: value for name, value in asked.items() if name not in output_limit.NAMES}
        for name, value in others.items():
            if isinstance(value, str | list | dict):
                size.count(value, name)
        size.check(settings)
        payload = {"model": model, "messages": messages, "stream": stream} | others
        payload[output_limit.name_at(settings, model)] = tokens
        if stream:
            payload["stream_options"] = options | {"include_usage": True}
        body = json_bytes(payload)
        include_usage = options.get("include_usage") is True
        return cls(body, model, stream, include_usage, size.tokens_of(body), tokens * answers)
