"""The messages of a conversation, checked and measured: only what is known here goes upstream, and all of it counts."""

from chat.errors import InvalidRequestError, TooLargeError
from chat.request.json_input import as_object, known
from chat.request.size import Size
from chat.settings import Settings

SYSTEM_ROLES = frozenset({"developer", "system"})

_ROLES = ("assistant", "developer", "function", "system", "tool", "user")
_KEYS = frozenset({"audio", "content", "function_call", "name", "refusal", "role", "tool_call_id", "tool_calls"})
# Parts of answers, which clients send back with the conversation; no service needs them to go on.
_OF_ANSWERS = frozenset({"annotations", "reasoning", "reasoning_content"})
_INSTEAD_OF_CONTENT = ("tool_calls", "function_call", "refusal", "audio")
_STRINGS = ("name", "refusal", "tool_call_id")

_PART_KEYS = {
    "text": frozenset({"prompt_cache_breakpoint", "text", "type"}),
    "refusal": frozenset({"refusal", "type"}),
    "image_url": frozenset({"image_url", "prompt_cache_breakpoint", "type"}),
    "input_audio": frozenset({"input_audio", "prompt_cache_breakpoint", "type"}),
    "file": frozenset({"file", "prompt_cache_breakpoint", "type"}),
}
# Without `file_id`: files that are kept at the service are the deployment's, not the caller's.
_ATTACHMENT_KEYS = {
    "image_url": frozenset({"detail", "url"}),
    "input_audio": frozenset({"data", "format"}),
    "file": frozenset({"file_data", "filename"}),
}


def check_messages(value: object, settings: Settings, size: Size) -> list[dict[str, object]]:
    """Check the messages' form and their number, and count them.

    Returns:
        The messages as they go upstream.

    Raises:
        InvalidRequestError: One is not of OpenAI's form, or is empty; `param` says which.
        TooLargeError: They are too many.
    """
    if not isinstance(value, list) or not value:
        raise InvalidRequestError("messages must be a list with at least one message.", param="messages")
    if len(value) > settings.max_messages:
        raise TooLargeError(f"At most {settings.max_messages:,} messages are accepted.", param="messages")
    return [_message(message, f"messages[{position}]", size) for position, message in enumerate(value)]


def _message(value: object, param: str, size: Size) -> dict[str, object]:
    sent = {name: each for name, each in as_object(value, param).items() if name not in _OF_ANSWERS}
    message = known(sent, _KEYS, param)
    if message.get("role") not in _ROLES:
        raise InvalidRequestError(f"{param}.role must be one of {', '.join(_ROLES)}.", param=f"{param}.role")
    for name in _STRINGS:
        if not isinstance(message.get(name, ""), str):
            raise InvalidRequestError(f"{param}.{name} must be a string.", param=f"{param}.{name}")
    for name, each in message.items():
        if name not in {"content", "role"}:
            size.count(each, f"{param}.{name}")
    return message | {"content": _content(message, f"{param}.content", size)}


def _content(message: dict[str, object], param: str, size: Size) -> object:
    content = message.get("content")
    if isinstance(content, list) and content:
        return [_part(part, f"{param}[{position}]", size) for position, part in enumerate(content)]
    if content is None and (message["role"] == "function" or any(message.get(name) for name in _INSTEAD_OF_CONTENT)):
        return None
    if not isinstance(content, str):
        raise InvalidRequestError(f"{param} must be a string or a list of parts.", param=param)
    if message["role"] == "user" and not content.strip():
        raise InvalidRequestError("The message is empty.", code="empty_message", param=param)
    size.count(content, param)
    return content


def _part(value: object, param: str, size: Size) -> dict[str, object]:
    part = as_object(value, param)
    kind = part.get("type")
    if not isinstance(kind, str) or kind not in _PART_KEYS:
        raise InvalidRequestError(f"{param}.type must be one of {', '.join(_PART_KEYS)}.", param=param)
    part = known(part, _PART_KEYS[kind], param)
    if kind in _ATTACHMENT_KEYS:
        where = f"{param}.{kind}"
        part[kind] = known(as_object(part.get(kind), where), _ATTACHMENT_KEYS[kind], where)
    match part:
        case {"type": "text", "text": str(text)} | {"type": "refusal", "refusal": str(text)}:
            size.count(text, param)
        case {"type": "image_url", "image_url": {"url": str(url), **image}}:
            size.attach_image(url, image.get("detail"))
            size.count(image.get("detail", ""), param)
        case {"type": "input_audio", "input_audio": {"data": str(data), "format": str(form)}}:
            size.attach_audio(data)
            size.count(form, param)
        case {"type": "file", "file": {"file_data": str(data), **file}}:
            size.attach_file(data)
            size.count(file.get("filename", ""), param)
        case _:
            raise InvalidRequestError(f"{param} is no {kind} part of OpenAI's form.", param=param)
    size.count(part.get("prompt_cache_breakpoint", ""), param)
    return part
