"""What one request used of the model, as far as is known: the log line and the daily limits both read it."""

import time
from dataclasses import dataclass

# English has about 4 bytes to a token, Japanese and code about 3. The JSON around the texts covers what upstream adds.
_BYTES_PER_TOKEN = 3

# No request has more; a count beyond it is a defect of upstream's, and would block a day's limit.
_MAX_TOKENS = 100_000_000

_MAX_FINISH_CHARS = 32  # OpenAI's are words such as `stop`; it is logged

# What was relayed is guessed at a token for three bytes and at least one for each chunk. No text has so few real ones.
_GUESSED_TO_REAL = 8


def tokens_of_bytes(count: int) -> int:
    """The tokens of so many bytes of UTF-8, guessed high."""
    return -(-count // _BYTES_PER_TOKEN)


@dataclass(slots=True)
class Usage:
    """Token counts, filled in while an answer is relayed.

    Attributes:
        tokens_in: Prompt tokens as upstream counts them; `None` as long as it has not said.
        tokens_out: Completion tokens as upstream counts them.
        tokens_streamed: How many tokens of the answer have come, guessed high from its bytes.
        finish_reason: Why the model stopped, in upstream's words.
        first_token_at: When the first piece of the answer came, on `time.perf_counter`'s clock.
    """

    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_streamed: int = 0
    finish_reason: str | None = None
    first_token_at: float | None = None

    @property
    def total(self) -> int | None:
        """Tokens in and out as upstream counts them, but no fewer than have been relayed; `None` if it has not said."""
        if self.tokens_in is None or self.tokens_out is None:
            return None
        return self.tokens_in + max(self.tokens_out, self.tokens_streamed // _GUESSED_TO_REAL)

    def saw_content(self, tokens: int) -> None:
        """Note that a piece of the answer of about so many tokens has come."""
        if self.first_token_at is None:
            self.first_token_at = time.perf_counter()
        self.tokens_streamed += tokens

    def saw_finish(self, reason: str) -> None:
        """Note why the model stopped."""
        self.finish_reason = reason[:_MAX_FINISH_CHARS]

    def saw_usage(self, usage: object) -> None:
        """Note the counts of an answer's `usage`; anything that is none, negative or absurd is ignored."""
        match usage:
            case {"prompt_tokens": tokens_in, "completion_tokens": tokens_out} | {
                "input_tokens": tokens_in,
                "output_tokens": tokens_out,
            }:
                if _is_count(tokens_in) and _is_count(tokens_out):
                    self.tokens_in, self.tokens_out = tokens_in, tokens_out


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_TOKENS
