"""What is looked at in the answers of Chat Completions, streamed and not."""

import json
from collections.abc import Callable

from chat.answer.events import Event
from chat.answer.timed_reader import TimedReader
from chat.errors import UpstreamError, UpstreamMalformedError
from chat.usage import Usage, tokens_of_bytes

MAX_BYTES = 16 * 1024 * 1024  # of an answer that is not streamed

Explain = Callable[[object], UpstreamError]


class CompletionWatch:
    """Watches a streamed completion.

    Args:
        usage: Gets the first token's time, the finish reason and the token counts.
        explain: Makes upstream's error object an error of ours.
    """

    def __init__(self, usage: Usage, explain: Explain) -> None:
        self.complete = False
        self.over = False
        self._usage = usage
        self._explain = explain

    def look_at(self, event: Event) -> None:
        """Note what a chunk says.

        Raises:
            UpstreamError: It is an error.
        """
        # Once for every token: plain tests, as `match` takes several times as long.
        data = event.data
        if data is None:
            if event.done:
                self.complete = self.over = True
            return
        if (error := data.get("error")) or event.is_error:
            raise self._explain(error or data)
        choices = data.get("choices")
        if isinstance(choices, list) and choices and isinstance(choice := choices[0], dict):
            if isinstance(reason := choice.get("finish_reason"), str):
                self.complete = True
                self._usage.saw_finish(reason)
            if isinstance(delta := choice.get("delta"), dict) and (tokens := _content_tokens(delta)):
                self._usage.saw_content(tokens)
        if usage := data.get("usage"):
            self._usage.saw_usage(usage)


def whole_completion(reader: TimedReader, usage: Usage, explain: Explain) -> bytes:
    """Read an answer that is not streamed.

    Args:
        reader: Where it comes from; closed.
        usage: Gets the finish reason and the token counts.
        explain: Makes upstream's error object an error of ours.

    Returns:
        Its bytes, as they came.

    Raises:
        UpstreamError: It is an error.
        UpstreamMalformedError: It is no completion, or longer than `MAX_BYTES`.
        ApiError: It did not come, or not in time.
    """
    try:
        body = reader.rest(MAX_BYTES)
    finally:
        reader.close()
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and (error := answer.get("error")):
        raise explain(error)
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not isinstance(choices, list) or not choices or not all(isinstance(choice, dict) for choice in choices):
        usage.saw_content(tokens_of_bytes(len(body)))
        raise UpstreamMalformedError("The model's service sent an answer that is not a completion.")
    for choice in choices:
        if isinstance(message := choice.get("message"), dict):
            usage.saw_content(_content_tokens(message))
    if isinstance(reason := choices[0].get("finish_reason"), str):
        usage.saw_finish(reason)
    usage.saw_usage(answer.get("usage"))
    return body


def _content_tokens(delta: dict[str, object]) -> int:
    tokens = 0
    for name, value in delta.items():
        if value and name != "role":
            tokens += tokens_of_bytes(len(str(value).encode(errors="replace")))
    return tokens
