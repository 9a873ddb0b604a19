"""Converse's answer as a chat completion."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chat.http1.framing import ProtocolError
from chat.model.converse.completion import envelope, finish_reason, usage
from chat.model.transport import MAX_ANSWER_BYTES, HttpAnswer, rest_of


class WholeConverse:
    """An answer in OpenAI's form, made of Converse's.

    Args:
        answer: Its head has come.
        model: The model that was asked.

    Attributes:
        status: HTTP status.
        headers: As they came.
    """

    def __init__(self, answer: HttpAnswer, model: str) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self._answer = answer
        self._model = model
        self._is_read = False

    def read(self, seconds: float, /) -> bytes | None:
        """The answer as one piece, then `None`; raises as `HttpAnswer.read`."""
        if self._is_read:
            return None
        said = bytearray()
        rest_of(self._answer, MAX_ANSWER_BYTES, seconds, said)
        self._is_read = True
        try:
            return json.dumps(_completion(json.loads(said), self._model), ensure_ascii=False).encode()
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ProtocolError(f"no answer of Converse: {type(error).__name__}") from None

    def close(self) -> None:
        """As `HttpAnswer.close`."""
        self._answer.close()


def _completion(said: Mapping[str, Any], model: str) -> dict[str, Any]:
    choice = {
        "index": 0,
        "message": _message(said["output"]["message"]["content"]),
        "finish_reason": finish_reason(said["stopReason"]),
    }
    return {**envelope("chat.completion", model), "choices": [choice], "usage": usage(said["usage"])}


def _message(blocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    texts = [block["text"] for block in blocks if "text" in block]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(texts) if texts else None}
    thoughts = [block["reasoningContent"].get("reasoningText", {}) for block in blocks if "reasoningContent" in block]
    if reasoning := "".join(thought.get("text", "") for thought in thoughts):
        message["reasoning_content"] = reasoning
    calls = [_call(block["toolUse"]) for block in blocks if "toolUse" in block]
    if calls:
        message["tool_calls"] = calls
    return message


def _call(tool: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": tool["name"], "arguments": json.dumps(tool["input"], ensure_ascii=False)}
    return {"id": tool["toolUseId"], "type": "function", "function": function}
