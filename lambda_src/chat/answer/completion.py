"""What is looked at in the streamed answers of Chat Completions."""

from collections.abc import Callable

from chat.answer.events import Event
from chat.errors import UpstreamError
from chat.usage import Usage, tokens_of_bytes

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
            if isinstance(delta := choice.get("delta"), dict) and (tokens := content_tokens(delta)):
                self._usage.saw_content(tokens)
        if usage := data.get("usage"):
            self._usage.saw_usage(usage)


def content_tokens(delta: dict[str, object]) -> int:
    """The tokens of a piece of an answer, or of a whole message, guessed high."""
    tokens = 0
    for name, value in delta.items():
        if value and name != "role":
            tokens += tokens_of_bytes(len(str(value).encode(errors="replace")))
    return tokens
