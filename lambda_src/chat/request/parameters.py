"""The parameters of the APIs: what is let through as it is, what asks for nothing, what a deployment limits."""

from collections.abc import Container, Mapping

from chat.errors import InvalidRequestError, UnknownModelError
from chat.settings import Settings

# None of them multiplies the cost of a request, or keeps what people write. Others need `extra_parameters`.
COMPLETION_PARAMETERS = frozenset(
    {
        "frequency_penalty",
        "function_call",
        "functions",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "model",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "stop",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
    }
)

# The same for the Responses API. Nothing of it is kept at the service: what refers to that needs `extra_parameters`.
RESPONSE_PARAMETERS = frozenset(
    {
        "include",
        "input",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "model",
        "parallel_tool_calls",
        "prompt_cache_key",
        "reasoning",
        "safety_identifier",
        "stream",
        "stream_options",
        "temperature",
        "text",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "truncation",
        "user",
    }
)

EMBEDDING_PARAMETERS = frozenset({"dimensions", "encoding_format", "input", "model", "user"})

# What a client gets anyway. Many send it, and some servers refuse it.
_DEFAULTS: dict[str, object] = {
    "background": False,
    "functions": [],
    "logit_bias": {},
    "logprobs": False,
    "modalities": ["text"],
    "n": 1,
    "service_tier": "auto",
    "store": False,
    "tools": [],
}


def requested(sent: dict[str, object], usual: frozenset[str], extra: Container[str]) -> dict[str, object]:
    """The parameters that ask for something, i.e. without those that are null or a default.

    Args:
        sent: All that the client sent.
        usual: What the API takes without that a setting has to allow it.
        extra: The setting `extra_parameters`.

    Raises:
        InvalidRequestError: A parameter is not enabled here; `param` names it.
    """
    asked = {name: value for name, value in sent.items() if value is not None and not _is_default(name, value)}
    for name in asked:
        if name not in usual and name not in extra:
            raise InvalidRequestError(
                f"The parameter {name[:64]!r} is not enabled here.", code="unsupported_parameter", param=name[:64]
            )
    return asked


def offered(model: object, models: tuple[str, ...]) -> str:
    """Require one of the models.

    Raises:
        InvalidRequestError: It is no string.
        UnknownModelError: It is another.
    """
    if not isinstance(model, str):
        raise InvalidRequestError("model must be a string.", param="model")
    if model not in models:
        raise UnknownModelError(
            f"The model {model[:64]!r} is not offered here. Offered: {', '.join(models)}.", param="model"
        )
    return model


def check_temperature(asked: Mapping[str, object], settings: Settings) -> None:
    """Require a temperature that the deployment allows, if one is asked for.

    Raises:
        InvalidRequestError: It is none, or another.
    """
    value = asked.get("temperature", settings.min_temperature)
    low, high = settings.min_temperature, settings.max_temperature
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidRequestError(f"temperature must be a number from {low:g} to {high:g}.", param="temperature")


def _is_default(name: str, value: object) -> bool:
    default = _DEFAULTS.get(name)
    return type(value) is type(default) and value == default  # 1.0 and True equal 1, but are no numbers of answers
