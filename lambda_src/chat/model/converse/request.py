"""A chat completion's request as one of Converse."""

import json
from collections.abc import Mapping
from typing import Any

from chat.errors import InvalidRequestError
from chat.model.converse.messages import converse_messages, has_tools
from chat.model.converse.tools import tool_config

# What changes an answer and has no counterpart, with the values that change nothing.
_WITHOUT_COUNTERPART: dict[str, tuple[object, ...]] = {
    "frequency_penalty": (0,),
    "logit_bias": ({},),
    "logprobs": (False,),
    "n": (1,),
    "presence_penalty": (0,),
    "top_logprobs": (0,),
}
_EFFORTS = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "xhigh"}


def converse_request(asked: Mapping[str, Any], guardrail: tuple[str, str] | None) -> dict[str, Any]:
    """Translate a request.

    Args:
        asked: The body of a chat completion's request, checked.
        guardrail: Identifier and version of a guardrail, if there is one.

    Raises:
        InvalidRequestError: It asks for what Converse does not have; `param` says for what.
    """
    for name, harmless in _WITHOUT_COUNTERPART.items():
        if asked.get(name) is not None and asked[name] not in harmless:
            raise unsupported(name)
    system, messages = converse_messages(asked["messages"])
    request: dict[str, Any] = {"messages": messages, "inferenceConfig": _inference(asked)}
    if system:
        request["system"] = system
    if (tools := tool_config(asked, needed=has_tools(messages))) is not None:
        request["toolConfig"] = tools
    if (output := _output(asked)) is not None:
        request["outputConfig"] = output
    if guardrail is not None:
        request["guardrailConfig"] = {"guardrailIdentifier": guardrail[0], "guardrailVersion": guardrail[1]}
    return request


def unsupported(name: str) -> InvalidRequestError:
    """The error about something that Converse does not have."""
    return InvalidRequestError(f"This model does not take {name}.", code="unsupported_parameter", param=name)


def _inference(asked: Mapping[str, Any]) -> dict[str, Any]:
    limits = [asked[name] for name in ("max_completion_tokens", "max_tokens") if asked.get(name) is not None]
    stop = asked.get("stop")
    found = {
        "maxTokens": min(limits) if limits else None,
        "temperature": asked.get("temperature"),
        "topP": asked.get("top_p"),
        "stopSequences": [stop] if isinstance(stop, str) else stop,
    }
    return {name: value for name, value in found.items() if value is not None}


def _output(asked: Mapping[str, Any]) -> dict[str, Any] | None:
    output: dict[str, Any] = {}
    if (effort := asked.get("reasoning_effort")) not in (None, "none"):
        if effort not in _EFFORTS:
            raise unsupported("reasoning_effort")
        output["effort"] = _EFFORTS[effort]
    match asked.get("response_format"):
        case None | {"type": "text"}:
            pass
        case {"type": "json_schema", "json_schema": {"schema": dict(schema)} as described}:
            structure = {"schema": json.dumps(schema)}
            structure |= {name: described[name] for name in ("name", "description") if described.get(name)}
            output["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": structure}}
        case _:
            raise unsupported("response_format")
    return output or None
