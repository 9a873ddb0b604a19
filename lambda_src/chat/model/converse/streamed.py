"""ConverseStream's answer, as it comes, as the events of a streamed chat completion.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html
"""

import json
import struct
import time
from collections.abc import Mapping
from typing import Any

from chat.http1.framing import ProtocolError
from chat.http1.response import left_until
from chat.model.converse.completion import envelope, finish_reason, usage
from chat.model.transport import HttpAnswer, ReportedError

# Of errors in the middle of a stream: the statuses that the same have before it.
_STATUSES = {
    "internalServerException": 500,
    "modelStreamErrorException": 424,
    "serviceUnavailableException": 503,
    "throttlingException": 429,
    "validationException": 400,
}


class StreamedConverse:
    """An answer in OpenAI's form, made of one in frames of `application/vnd.amazon.eventstream`.

    Args:
        answer: Its head has come.
        model: The model that was asked.

    Attributes:
        status: HTTP status.
        headers: As they came.
    """

    def __init__(self, answer: HttpAnswer, model: str) -> None:
        from botocore.eventstream import EventStreamBuffer  # noqa: PLC0415  # imported when the first stream needs it

        self.status = answer.status
        self.headers = {**answer.headers, "content-type": "text/event-stream"}
        self._answer = answer
        self._frames: Any = EventStreamBuffer()
        self._envelope = envelope("chat.completion.chunk", model)
        self._tools: dict[int, int] = {}  # positions of tool calls, by those of their blocks
        self._finished = False
        self._failed: ReportedError | None = None

    def read(self, seconds: float, /) -> bytes | None:
        """As `HttpAnswer.read`."""
        deadline = time.monotonic() + seconds
        while self._failed is None:
            data = self._answer.read(left_until(deadline))
            if data is None:
                finished, self._finished = self._finished, False
                return b"data: [DONE]\n\n" if finished else None
            if events := self._translated(data):
                return events
        raise self._failed

    def close(self) -> None:
        """As `HttpAnswer.close`."""
        self._answer.close()

    def _translated(self, data: bytes) -> bytes:
        from botocore.eventstream import ParserError  # noqa: PLC0415  # as above

        events = b""
        try:
            self._frames.add_data(data)
            for frame in self._frames:
                events += self._event(frame.headers, frame.payload)
        except ReportedError as error:  # what came before it is not lost
            self._failed = error
        except (ParserError, struct.error, ValueError, LookupError, TypeError, AttributeError) as error:
            raise ProtocolError(f"no stream of events: {type(error).__name__}") from None
        return events

    def _event(self, headers: Mapping[str, Any], payload: bytes) -> bytes:
        if headers.get(":message-type") != "event":
            kind = str(headers.get(":exception-type") or headers.get(":error-code") or "error")
            said = json.loads(payload or b"{}") if headers.get(":exception-type") else {}
            message = said.get("message") or headers.get(":error-message") or kind
            raise ReportedError(
                _STATUSES.get(kind, 500), json.dumps({"error": {"message": message, "code": kind}}).encode()
            )
        event = json.loads(payload)
        match headers.get(":event-type"):
            case "messageStart":
                return self._chunk({"role": "assistant", "content": ""})
            case "contentBlockStart":
                return self._block(event["contentBlockIndex"], event["start"])
            case "contentBlockDelta":
                return self._delta(event["contentBlockIndex"], event["delta"])
            case "messageStop":
                self._finished = True
                return self._chunk({}, finish_reason(event["stopReason"]))
            case "metadata" if "usage" in event:
                return self._write({"choices": [], "usage": usage(event["usage"])})
        return b""

    def _block(self, index: int, start: Mapping[str, Any]) -> bytes:
        if "toolUse" not in start:
            return b""
        tool = start["toolUse"]
        position = self._tools[index] = len(self._tools)
        function = {"name": tool["name"], "arguments": ""}
        call = {"index": position, "id": tool["toolUseId"], "type": "function", "function": function}
        return self._chunk({"tool_calls": [call]})

    def _delta(self, index: int, delta: Mapping[str, Any]) -> bytes:
        if "text" in delta:
            return self._chunk({"content": delta["text"]})
        if "toolUse" in delta:
            function = {"arguments": delta["toolUse"]["input"]}
            return self._chunk({"tool_calls": [{"index": self._tools[index], "function": function}]})
        if text := delta.get("reasoningContent", {}).get("text"):
            return self._chunk({"reasoning_content": text})
        return b""

    def _chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> bytes:
        return self._write({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _write(self, fields: Mapping[str, Any]) -> bytes:
        return b"data: %b\n\n" % json.dumps({**self._envelope, **fields}, ensure_ascii=False).encode()
