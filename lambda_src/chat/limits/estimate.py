"""How many tokens a request may come to, guessed high before upstream has counted them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chat.usage import tokens_of_bytes


@dataclass(frozen=True, slots=True)
class Estimate:
    """The tokens of one request.

    Attributes:
        tokens_in: What is sent to the model, by its length.
        tokens_out: The most that the model may answer.
    """

    tokens_in: int
    tokens_out: int

    @classmethod
    def of(cls, payload: Mapping[str, object]) -> "Estimate":
        """The estimate for a request body that has been checked."""
        sent = len(json.dumps(payload, ensure_ascii=False).encode())
        most = max(_whole(payload.get(name)) for name in ("max_completion_tokens", "max_tokens"))
        return cls(tokens_of_bytes(sent), most * max(1, _whole(payload.get("n"))))

    @property
    def total(self) -> int:
        """In and out together."""
        return self.tokens_in + self.tokens_out


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
