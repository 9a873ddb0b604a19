"""A request of the Responses API, checked against what the deployment allows, as the body to send upstream."""

from collections.abc import Container
from dataclasses import dataclass

from chat.errors import InvalidRequestError
from chat.request.json_input import as_boolean, as_count, as_object, json_bytes, json_object, known
from chat.request.parameters import RESPONSE_PARAMETERS, check_temperature, offered, requested
from chat.request.response_input import check_input, has_instructions
from chat.request.size import Size
from chat.settings import Settings

_STREAM_OPTIONS = frozenset({"include_obfuscation"})
_OWN_TOOLS = frozenset({"custom", "function"})  # called by the client; all others by the service, and paid for


@dataclass(frozen=True, slots=True)
class ResponseRequest:
    """A checked request.

    Attributes:
        body: The JSON for upstream's `/responses`.
        model: The model it asks for.
        stream: Whether the answer is to be streamed.
        tokens_in: The tokens of the request, guessed high.
        tokens_out: The most tokens that the answer may have.
        path: Of upstream's API.
    """

    body: bytes
    model: str
    stream: bool
    tokens_in: int
    tokens_out: int
    path: str = "/responses"

    @classmethod
    def from_body(cls, body: bytes, settings: Settings) -> "ResponseRequest":
        """Check a request in the form of OpenAI's Responses API.

        Raises:
            InvalidRequestError: Something is wrong with it; `param` says what.
            TooLargeError: It is longer than the deployment's limits.
            UnknownModelError: The model is not one of `models`.
        """
        extra = settings.extra_parameters
        asked = requested(json_object(body), RESPONSE_PARAMETERS, extra)
        size = Size()
        model = offered(asked.pop("model", settings.models[0]), settings.models)
        stream = as_boolean(asked.pop("stream", False), "stream")
        options = known(as_object(asked.pop("stream_options", {}), "stream_options"), _STREAM_OPTIONS, "stream_options")
        for name, value in options.items():
            as_boolean(value, f"stream_options.{name}")
        check_temperature(asked, settings)
        limit = settings.max_output_tokens
        tokens = min(limit, as_count(asked.pop("max_output_tokens", limit), "max_output_tokens"))
        given = check_input(asked.pop("input", None), settings, size)
        _check_tools(asked.get("tools", []), extra)
        for name, value in asked.items():
            if isinstance(value, str | list | dict):
                size.count(value, name)
        size.check(settings)
        payload = {"store": False} | asked | {"model": model, "input": given, "stream": stream}
        payload["max_output_tokens"] = tokens
        if settings.system_prompt and "instructions" not in asked and not has_instructions(given):
            payload["instructions"] = settings.system_prompt
        if stream and options:
            payload["stream_options"] = options
        serialised = json_bytes(payload)
        return cls(serialised, model, stream, size.tokens_of(serialised), tokens)


def _check_tools(value: object, extra: Container[str]) -> None:
    if not isinstance(value, list):
        raise InvalidRequestError("tools must be a list.", param="tools")
    for position, tool in enumerate(value):
        param = f"tools[{position}]"
        kind = as_object(tool, param).get("type")
        if not isinstance(kind, str) or (kind not in _OWN_TOOLS and kind not in extra):
            raise InvalidRequestError(
                f"Tools of the type {str(kind)[:64]!r}, which the model's service would call, are not enabled here. "
                "Tools of the types function and custom are.",
                code="unsupported_tool",
                param=f"{param}.type",
            )
