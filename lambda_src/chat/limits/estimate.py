"""How many tokens a request may come to, guessed high before upstream has counted them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """The tokens of one request.

    Attributes:
        tokens_in: What is sent to the model, by its length.
        tokens_out: The most that the model may answer.
    """

    tokens_in: int
    tokens_out: int

    @property
    def total(self) -> int:
        """In and out together."""
        return self.tokens_in + self.tokens_out
