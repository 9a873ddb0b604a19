"""What streamed and other answers have in common: OpenAI's names for why an answer ended and what it used."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

_FINISHED = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
}


def envelope(kind: str, model: str) -> dict[str, Any]:
    """What completions and their chunks begin with; `kind` is their `object`."""
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), "model": model}


def finish_reason(stop_reason: object) -> str:
    """OpenAI's name for why an answer ended."""
    return _FINISHED.get(stop_reason, "stop") if isinstance(stop_reason, str) else "stop"


def usage(counted: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAI's `usage`: what was read from or written to the prompt cache is part of the prompt there."""
    cached, written = counted.get("cacheReadInputTokens") or 0, counted.get("cacheWriteInputTokens") or 0
    prompt = counted.get("inputTokens", 0) + cached + written
    completion = counted.get("outputTokens", 0)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
