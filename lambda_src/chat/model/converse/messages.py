"""The messages of a conversation as Converse has them: system texts apart, roles in turn, tools' results in blocks."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from chat.errors import InvalidRequestError

_IMAGES = {"image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/webp": "webp"}
_DOCUMENTS = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
}

Block = dict[str, Any]


def converse_messages(messages: Sequence[Mapping[str, Any]]) -> tuple[list[Block], list[Block]]:
    """Translate messages.

    Returns:
        The system's blocks, and the messages.

    Raises:
        InvalidRequestError: One has what Converse does not take; `param` says which.
    """
    system: list[Block] = []
    found: list[Block] = []
    for position, message in enumerate(messages):
        param = f"messages[{position}]"
        role = message["role"]
        if role in {"system", "developer"}:
            system += _content(message, param)
            continue
        if role == "tool":
            blocks = [_tool_result(message, param)]
        else:
            blocks = _content(message, param) + [_tool_use(call, param) for call in message.get("tool_calls") or []]
        side = "assistant" if role == "assistant" else "user"
        if found and found[-1]["role"] == side:  # they have to take turns
            found[-1]["content"] += blocks
        elif blocks:
            found.append({"role": side, "content": blocks})
    return system, found


def has_tools(messages: Sequence[Block]) -> list[str]:
    """Names of the tools that were used in translated messages, each once."""
    uses = [block["toolUse"]["name"] for message in messages for block in message["content"] if "toolUse" in block]
    return list(dict.fromkeys(uses))


def _content(message: Mapping[str, Any], param: str) -> list[Block]:
    content = message.get("content") or message.get("refusal")
    if isinstance(content, str):
        return [{"text": content}] if content.strip() else []  # empty ones are refused
    parts = content if isinstance(content, list) else []
    blocks = [_part(part, f"{param}.content[{position}]") for position, part in enumerate(parts)]
    return [block for block in blocks if block.get("text", "x").strip()]


def _part(part: Mapping[str, Any], param: str) -> Block:
    match part:
        case {"type": "text", "text": str(text)} | {"type": "refusal", "refusal": str(text)}:
            return {"text": text}
        case {"type": "image_url", "image_url": {"url": str(url)}}:
            kind, data = _data(url, param)
            if kind in _IMAGES:
                return {"image": {"format": _IMAGES[kind], "source": {"bytes": data}}}
        case {"type": "file", "file": {"file_data": str(url)} as file}:
            kind, data = _data(url, param)
            if kind in _DOCUMENTS:
                return {
                    "document": {
                        "format": _DOCUMENTS[kind],
                        "name": _document_name(file.get("filename")),
                        "source": {"bytes": data},
                    }
                }
        case {"type": "input_audio", "input_audio": {"data": str(data), "format": str(form)}}:
            return {"audio": {"format": form, "source": {"bytes": data}}}
    raise InvalidRequestError(f"This model does not take what is in {param}.", param=param)


def _data(url: str, param: str) -> tuple[str, str]:
    """The media type of a data URL and its base64: Converse fetches nothing from elsewhere."""
    found = re.match(r"data:([\w.+/-]+)(?:;[\w-]+=[\w.-]+)*;base64,", url)
    if not found:
        raise InvalidRequestError(f"{param} must be a data URL in base64 for this model.", param=param)
    return found[1].lower(), url[found.end() :]


def _document_name(name: object) -> str:
    stem = name.rpartition(".")[0] or name if isinstance(name, str) else ""
    return " ".join(re.sub(r"[^A-Za-z0-9 ()\[\]-]", " ", stem).split())[:200] or "document"


def _tool_use(call: Mapping[str, Any], param: str) -> Block:
    match call:
        case {"id": str(identifier), "function": {"name": str(name), "arguments": str(arguments)}}:
            try:
                given = json.loads(arguments or "{}")
            except (ValueError, RecursionError):
                given = None
            if isinstance(given, dict):
                return {"toolUse": {"toolUseId": identifier, "name": name, "input": given}}
    param = f"{param}.tool_calls"
    raise InvalidRequestError(f"{param} must have an id, a name and arguments that are a JSON object.", param=param)


def _tool_result(message: Mapping[str, Any], param: str) -> Block:
    identifier = message.get("tool_call_id")
    if not isinstance(identifier, str):
        raise InvalidRequestError(f"{param}.tool_call_id must name a tool call.", param=f"{param}.tool_call_id")
    content = _content(message, param) or [{"text": "(nothing)"}]
    return {"toolResult": {"toolUseId": identifier, "content": content}}
