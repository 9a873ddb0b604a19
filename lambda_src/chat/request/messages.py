"""The messages of a conversation, checked and measured."""

import json

from chat.errors import InvalidRequestError, TooLargeError
from chat.request.json_input import as_object
from chat.settings import Settings

_ROLES = ("assistant", "developer", "system", "tool", "user")
SYSTEM_ROLES = frozenset({"developer", "system"})


def check_messages(value: object, settings: Settings) -> list[dict[str, object]]:
    """Check the messages' form, their number and their length.

    Returns:
        The messages, in a new list.

    Raises:
        InvalidRequestError: One is not of OpenAI's form, or is empty; `param` says which.
        TooLargeError: They are too many, or together longer than `max_input_chars`.
    """
    if not isinstance(value, list) or not value:
        raise InvalidRequestError("messages must be a list with at least one message.", param="messages")
    if len(value) > settings.max_messages:
        raise TooLargeError(f"At most {settings.max_messages:,} messages are accepted.", param="messages")
    chars = 0
    for position, message in enumerate(value):
        chars += _message_chars(message, f"messages[{position}]")
    if chars > settings.max_input_chars:
        raise TooLargeError(
            f"The messages have {chars:,} characters; at most {settings.max_input_chars:,} are accepted.",
            param="messages",
        )
    return list(value)


def _message_chars(message: object, param: str) -> int:
    message = as_object(message, param)
    if message.get("role") not in _ROLES:
        raise InvalidRequestError(f"{param}.role must be one of {', '.join(_ROLES)}.", param=f"{param}.role")
    content = message.get("content")
    where = f"{param}.content"
    if content is None and message.get("tool_calls"):
        return len(json.dumps(message["tool_calls"]))
    if isinstance(content, list) and content:
        return sum(_part_chars(part, f"{where}[{position}]") for position, part in enumerate(content))
    if not isinstance(content, str):
        raise InvalidRequestError(f"{where} must be a string or a list of parts.", param=where)
    if message["role"] == "user" and not content.strip():
        raise InvalidRequestError("The message is empty.", code="empty_message", param=where)
    return len(content)


def _part_chars(part: object, param: str) -> int:
    match part:
        case {"type": "text", "text": str(text)}:
            return len(text)
        case {"type": "image_url", "image_url": {"url": str(url)}}:
            return len(url)
        case _:
            raise InvalidRequestError(f"{param} must be a text or image_url part.", param=param)
