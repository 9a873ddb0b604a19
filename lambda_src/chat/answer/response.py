"""The streamed answers of the Responses API: what is looked at, and how an error is sent."""

import secrets

from chat.answer.bodies import PING, StreamedBody
from chat.answer.completion import Explain
from chat.answer.events import Event, encode
from chat.errors import ApiError, UpstreamError
from chat.usage import Usage, tokens_of_bytes

_ENDS = frozenset({"response.completed", "response.incomplete"})
_FAILURES = frozenset({"error", "response.failed"})


class ResponseWatch:
    """Watches a streamed response: of its last event the usage and the status, of the others how long they are.

    Args:
        usage: Gets the first token's time, the status and the token counts.
        explain: Makes upstream's error object an error of ours.
    """

    def __init__(self, usage: Usage, explain: Explain) -> None:
        self.complete = False
        self.over = False
        self._usage = usage
        self._explain = explain

    def look_at(self, event: Event) -> None:
        """Note what an event says.

        Raises:
            UpstreamError: It is an error, or the response failed.
        """
        data = event.data
        if data is None:
            self.over |= event.done
            return
        kind = data.get("type")
        if event.is_error or kind in _FAILURES or (kind is None and data.get("error")):
            response = data.get("response")
            error = response.get("error") if isinstance(response, dict) else data.get("error")
            raise self._explain(error or data)
        if isinstance(kind, str) and kind.endswith(".delta"):
            self._usage.saw_content(tokens_of_bytes(len(str(data.get("delta", "")).encode(errors="replace"))))
        elif kind in _ENDS:
            self.complete = self.over = True
            note_end(data.get("response"), self._usage)


class ResponseStream(StreamedBody):
    """The Responses API's wire format: upstream's own events, and comments as heartbeats.

    An error that comes late is sent as OpenAI does it: an `error` event, then a `response.failed`.
    """

    _sequence_number = -1
    _response: dict[str, object] | None = None

    def encode(self, events: list[Event]) -> bytes:
        """Upstream's bytes as they are, but for a `[DONE]`, which this API has not and some servers send."""
        if not events:
            return PING
        for event in events:
            if event.data is not None:
                self._note(event.data)
        return b"".join(event.raw for event in events if not event.done)

    def encode_error(self, error: ApiError) -> bytes:
        """The two events that the API's clients take for an error."""
        number = self._sequence_number + 1
        first: dict[str, object] = {
            "type": "error",
            "code": error.code,
            "message": error.message,
            "param": error.param,
            "sequence_number": number,
        }
        response = self._response or {"id": f"resp_{secrets.token_hex(16)}", "object": "response", "output": []}
        # Here the API has a list of codes. Upstream's may be one of them, ours are not.
        code = error.code if type(error) is UpstreamError else "server_error"
        failed = response | {"status": "failed", "error": {"code": code, "message": error.message}}
        second = {"type": "response.failed", "response": failed, "sequence_number": number + 1}
        return b"event: error\n" + encode(first) + b"event: response.failed\n" + encode(second)

    def _note(self, data: dict[str, object]) -> None:
        if isinstance(number := data.get("sequence_number"), int):
            self._sequence_number = number
        if self._response is None and isinstance(response := data.get("response"), dict):
            self._response = response


def note_end(response: object, usage: Usage) -> None:
    """Note the status and the token counts of a response that has ended."""
    if not isinstance(response, dict):
        return
    details = response.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    status = reason or response.get("status")
    if isinstance(status, str):
        usage.saw_finish(status)
    usage.saw_usage(response.get("usage"))
