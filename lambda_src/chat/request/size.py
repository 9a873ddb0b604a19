"""How much a request has: every string that goes upstream counts, wherever it stands."""

from dataclasses import dataclass

from chat.errors import InvalidRequestError, TooLargeError
from chat.settings import Settings

_MAX_DEPTH = 64  # no schema of a tool comes near; beyond about a thousand a serialiser gives up


@dataclass(slots=True)
class Size:
    """What has been counted of a request so far.

    Attributes:
        chars: Characters of strings; of other JSON values about as many as they have when serialised.
    """

    chars: int = 0

    def count(self, value: object, param: str) -> None:
        """Count a JSON value; `param` says where it stands.

        Raises:
            InvalidRequestError: It is nested more than 64 levels deep.
        """
        self.chars += _chars(value, param, 0)

    def check(self, settings: Settings) -> None:
        """Compare what was counted with what the deployment allows.

        Raises:
            TooLargeError: It is more.
        """
        if self.chars > settings.max_input_chars:
            raise TooLargeError(
                f"The request has {self.chars:,} characters; at most {settings.max_input_chars:,} are accepted.",
                param="messages",
            )


def _chars(value: object, param: str, depth: int) -> int:
    if isinstance(value, str):
        return len(value)
    if depth > _MAX_DEPTH:
        raise InvalidRequestError(f"{param} is nested too deeply.", param=param)
    if isinstance(value, dict):
        return 2 + sum(len(name) + 4 + _chars(each, param, depth + 1) for name, each in value.items())
    if isinstance(value, list):
        return 2 + sum(1 + _chars(each, param, depth + 1) for each in value)
    return len(repr(value))
