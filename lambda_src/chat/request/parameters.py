"""The parameters of Chat Completions: what is let through as it is, and what asks for nothing."""

from collections.abc import Collection

from chat.errors import InvalidRequestError

# None of them multiplies the cost of a request, or keeps what people write. Others need `extra_parameters`.
_USUAL = frozenset(
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

# What a client gets anyway. Many send it, and some servers refuse it.
_DEFAULTS: dict[str, object] = {
    "functions": [],
    "logit_bias": {},
    "logprobs": False,
    "modalities": ["text"],
    "n": 1,
    "service_tier": "auto",
    "store": False,
    "tools": [],
}


def requested(sent: dict[str, object], extra: Collection[str]) -> dict[str, object]:
    """The parameters that ask for something, i.e. without those that are null or a default.

    Args:
        sent: All that the client sent.
        extra: The setting `extra_parameters`.

    Raises:
        InvalidRequestError: A parameter is not enabled here; `param` names it.
    """
    asked = {name: value for name, value in sent.items() if value is not None and not _is_default(name, value)}
    for name in asked:
        if name not in _USUAL and name not in extra:
            raise InvalidRequestError(
                f"The parameter {name[:64]!r} is not enabled here.", code="unsupported_parameter", param=name[:64]
            )
    return asked


def _is_default(name: str, value: object) -> bool:
    default = _DEFAULTS.get(name)
    return type(value) is type(default) and value == default  # 1.0 and True equal 1, but are no numbers of answers
