"""The tools that a model may call, as Converse has them."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.errors import InvalidRequestError

_ANY_OBJECT = {"type": "object"}


def tool_config(asked: Mapping[str, Any], *, needed: Sequence[str]) -> dict[str, Any] | None:
    """Translate `tools` and `tool_choice`.

    Args:
        asked: The body of a chat completion's request.
        needed: Tools that were used in the conversation: Converse wants them described, whatever is offered now.

    Raises:
        InvalidRequestError: A tool is no function.
    """
    choice = asked.get("tool_choice")
    offered = [_tool(tool, f"tools[{at}]") for at, tool in enumerate(asked.get("tools") or [])]
    if not offered or (choice == "none" and not needed):
        used = [{"toolSpec": {"name": name, "inputSchema": {"json": _ANY_OBJECT}}} for name in needed]
        return {"tools": used} if used else None
    return {"tools": offered} | _choice(choice)


def _tool(tool: object, param: str) -> dict[str, Any]:
    match tool:
        case {"type": "function", "function": {"name": str(name)} as function}:
            spec = {"name": name, "inputSchema": {"json": function.get("parameters") or _ANY_OBJECT}}
            if function.get("description"):
                spec["description"] = function["description"]
            if function.get("strict") is not None:
                spec["strict"] = function["strict"]
            return {"toolSpec": spec}
    raise InvalidRequestError(f"{param} must be a function for this model.", param=param)


def _choice(choice: object) -> dict[str, Any]:
    match choice:
        case "required":
            return {"toolChoice": {"any": {}}}
        case {"function": {"name": str(name)}}:
            return {"toolChoice": {"tool": {"name": name}}}
        case None | "auto" | "none":
            return {}
    raise InvalidRequestError("tool_choice is not of OpenAI's form.", param="tool_choice")
