"""What a request of the Responses API gives the model: a text, or a list of items, checked and measured."""

from collections.abc import Container

from chat.errors import InvalidRequestError, TooLargeError
from chat.request.json_input import as_object
from chat.request.size import Size
from chat.settings import Settings

# Items that a conversation without hosted tools has, and without what is kept at the service.
_ITEMS = frozenset(
    {
        "custom_tool_call",
        "custom_tool_call_output",
        "function_call",
        "function_call_output",
        "message",
        "reasoning",
    }
)
_TEXTS = frozenset({"input_text", "output_text", "reasoning_text", "refusal", "summary_text", "text"})
# Without `file_id` and `file_url`: what is kept at the service is the deployment's, and what is elsewhere has no size.
_ATTACHMENTS = {
    "input_image": frozenset({"detail", "image_url", "prompt_cache_breakpoint", "type"}),
    "input_file": frozenset({"detail", "file_data", "filename", "prompt_cache_breakpoint", "type"}),
    "input_audio": frozenset({"input_audio", "prompt_cache_breakpoint", "type"}),
}
_SYSTEM_ROLES = frozenset({"developer", "system"})


def check_input(value: object, settings: Settings, size: Size) -> object:
    """Check what is given, and count it.

    Returns:
        It, as it goes upstream.

    Raises:
        InvalidRequestError: It is not of OpenAI's form, or empty; `param` says what is wrong.
        TooLargeError: It has too many items.
    """
    if isinstance(value, str):
        if not value.strip():
            raise InvalidRequestError("The input is empty.", code="empty_message", param="input")
        size.count(value, "input")
        return value
    if not isinstance(value, list) or not value:
        raise InvalidRequestError("input must be a string or a list with at least one item.", param="input")
    if len(value) > settings.max_messages:
        raise TooLargeError(f"At most {settings.max_messages:,} items are accepted.", param="input")
    for position, item in enumerate(value):
        _check_item(as_object(item, f"input[{position}]"), f"input[{position}]", settings.extra_parameters, size)
    return value


def has_instructions(given: object) -> bool:
    """Whether there is a message for the system among the items."""
    return isinstance(given, list) and any(item.get("role") in _SYSTEM_ROLES for item in given)


def _check_item(item: dict[str, object], param: str, extra: Container[str], size: Size) -> None:
    kind = item.get("type", "message")
    if not isinstance(kind, str) or (kind not in _ITEMS and kind not in extra):
        raise InvalidRequestError(
            f"{param} is of the type {str(kind)[:64]!r}; accepted are {', '.join(sorted(_ITEMS))}.",
            code="unsupported_item",
            param=f"{param}.type",
        )
    if not isinstance(item.get("role", ""), str):
        raise InvalidRequestError(f"{param}.role must be a string.", param=f"{param}.role")
    for name, value in item.items():
        where = f"{param}.{name}"
        if name in {"content", "output"} and isinstance(value, list):
            for position, part in enumerate(value):
                _check_part(as_object(part, f"{where}[{position}]"), f"{where}[{position}]", size)
        else:
            size.count(value, where)
            size.count(name if name not in {"content", "role", "type"} else "", where)


def _check_part(part: dict[str, object], param: str, size: Size) -> None:
    kind = part.get("type")
    if not isinstance(kind, str) or (kind not in _TEXTS and kind not in _ATTACHMENTS):
        accepted = ", ".join(sorted(_TEXTS | _ATTACHMENTS.keys()))
        raise InvalidRequestError(f"{param}.type must be one of {accepted}.", param=f"{param}.type")
    names = _ATTACHMENTS.get(kind)
    rest = dict(part)
    match part:
        case _ if names is None:
            pass
        case {"type": "input_image", "image_url": str(url)} if part.keys() <= names:
            size.attach_image(url, rest.pop("detail", None))
            del rest["image_url"]
        case {"type": "input_file", "file_data": str(data)} if part.keys() <= names:
            size.attach_file(data)
            del rest["file_data"]
        case {"type": "input_audio", "input_audio": {"data": str(data), "format": str(form)}} if part.keys() <= names:
            size.attach_audio(data)
            rest["input_audio"] = form
        case _:
            raise InvalidRequestError(
                f"{param} must have its content in itself, and nothing but {', '.join(sorted(names))}.", param=param
            )
    for name, value in rest.items():
        if name != "type":
            size.count(value, f"{param}.{name}")
