"""A client that reads, stalls or leaves, and notes what it saw and when."""

import http.client
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support.schedules.plan import Plan

_STALL_SECONDS = 3.0
_TIMEOUT_SECONDS = 40.0


@dataclass(slots=True)
class Seen:
    """What a client saw of its answer.

    Attributes:
        status: The status; 0 if there was no answer.
        headers: Names in lower case.
        body: What was read of the body.
        whole: Whether the body came to its own end.
        left: Whether the client went away before.
        gap: The longest wait between two reads that brought something, in seconds.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = False
    left: bool = False
    gap: float = 0.0


def ask(url: str, plan: Plan, text: str) -> Seen:
    """Send a request and read its answer as the plan has it."""
    seen = Seen()
    request: dict[str, object] = {"messages": [{"role": "user", "content": text}], "stream": plan.stream}
    if plan.stream:
        request["stream_options"] = {"include_usage": plan.include_usage}
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("POST", "/api/v1/chat/completions", json.dumps(request), {"connection": "close"})
        answer = connection.getresponse()
        seen.status = answer.status
        seen.headers = {name.lower(): value for name, value in answer.getheaders()}
        _read(answer, plan, seen)
    except (OSError, http.client.HTTPException):
        pass  # the answer broke off: `whole` stays false
    finally:
        connection.close()
    return seen


def _read(answer: http.client.HTTPResponse, plan: Plan, seen: Seen) -> None:
    last = time.monotonic()
    stalled = plan.reads != "stalls"
    with answer:
        while True:
            if plan.reads == "leaves" and len(seen.body) >= plan.leaves_after:
                seen.left = True
                return
            if not stalled and len(seen.body) >= plan.leaves_after:
                stalled = True
                time.sleep(_STALL_SECONDS)
                last = time.monotonic()
            piece = answer.read1(65536)
            now = time.monotonic()
            seen.gap = max(seen.gap, now - last)
            last = now
            if not piece:
                seen.whole = True
                return
            seen.body += piece
