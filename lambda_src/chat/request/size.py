"""How much a request has: every string that goes upstream counts, wherever it stands."""

from dataclasses import dataclass

from chat.errors import InvalidRequestError, TooLargeError
from chat.settings import Settings
from chat.usage import tokens_of_bytes

_MAX_DEPTH = 64  # no schema of a tool comes near; beyond about a thousand a serialiser gives up
_MAX_ATTACHMENTS = 500  # the smallest still costs a few dozen tokens

# What OpenAI's models make of an image of the greatest size that they do not shrink, rounded up.
_IMAGE_TOKENS = {"low": 300, "original": 12_000}
_MOST_USUAL = 2_500
# Of a file of compressed text, and of speech at 32 kbit/s.
_BYTES_PER_TOKEN_OF_FILES = 6
_BYTES_PER_TOKEN_OF_AUDIO = 400


@dataclass(slots=True)
class Size:
    """What has been counted of a request so far.

    Attributes:
        chars: Characters of strings; of other JSON values about as many as they have when serialised.
        attachments: Number of images, files and sounds.
        attachment_bytes: Their bytes, decoded.
        attachment_chars: Their characters as they are sent, in base64.
        attachment_tokens: Their tokens, guessed high.
    """

    chars: int = 0
    attachments: int = 0
    attachment_bytes: int = 0
    attachment_chars: int = 0
    attachment_tokens: int = 0

    def count(self, value: object, param: str) -> None:
        """Count a JSON value; `param` says where it stands.

        Raises:
            InvalidRequestError: It is nested more than 64 levels deep.
        """
        self.chars += _chars(value, param, 0)

    def attach_image(self, url: str, detail: object) -> None:
        """Count an image, by its data URL or by its address."""
        self.attachment_tokens += _IMAGE_TOKENS.get(detail, _MOST_USUAL) if isinstance(detail, str) else _MOST_USUAL
        self._attach(url, is_inline=url.startswith("data:"))

    def attach_file(self, data: str) -> None:
        """Count a file, by its content in base64."""
        self.attachment_tokens += self._attach(data) // _BYTES_PER_TOKEN_OF_FILES

    def attach_audio(self, data: str) -> None:
        """Count a sound, by its content in base64."""
        self.attachment_tokens += self._attach(data) // _BYTES_PER_TOKEN_OF_AUDIO

    def tokens_of(self, body: bytes) -> int:
        """The tokens of the serialised request, guessed high."""
        return tokens_of_bytes(len(body) - self.attachment_chars) + self.attachment_tokens

    def _attach(self, data: str, *, is_inline: bool = True) -> int:
        self.attachments += 1
        if not is_inline or not data.isascii():
            self.chars += len(data)
            return 0
        self.attachment_chars += len(data)
        size = len(data) * 3 // 4
        self.attachment_bytes += size
        return size

    def check(self, settings: Settings) -> None:
        """Compare what was counted with what the deployment allows.

        Raises:
            TooLargeError: It is more.
        """
        if self.chars > settings.max_input_chars:
            raise TooLargeError(
                f"The request has {self.chars:,} characters; at most {settings.max_input_chars:,} are accepted.",
            )
        if self.attachments > _MAX_ATTACHMENTS:
            raise TooLargeError(f"At most {_MAX_ATTACHMENTS} images, files and sounds are accepted.")
        if self.attachment_bytes > settings.max_attachment_bytes:
            raise TooLargeError(
                f"The images, files and sounds have {self.attachment_bytes:,} bytes; at most "
                f"{settings.max_attachment_bytes:,} are accepted."
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
