"""What must hold of every request, whatever happened to it: each rule gives what broke it, in words."""

import json
import re
from typing import Any

from tests.support.schedules.client import Seen
from tests.support.schedules.plan import MARK, Plan
from tests.support.schedules.reading import data_of
from tests.support.schedules.upstream import PlannedUpstream

_GAP_SECONDS = 0.5 + 3.0  # the heartbeat, and patience with a busy machine
_TABLE_SECONDS = 6.0  # a table that hangs is given up within
_KNOWN_LINE = re.compile(rb"$|:|(data|id|retry|event)(:|$)")  # others are ignored, or no event stream at all
_MAX_ERROR_CHARS = 2_000
_BYTES_PER_TOKEN = 8  # no text has fewer bytes to a token: what is counted is at least this


def log_rules(records: list[dict[str, Any]], printed: str, question: str, seen: Seen) -> list[str]:
    broken = [] if len(records) == 1 else [f"{len(records)} log lines for the request"]
    if MARK in printed or question in printed:
        broken.append("content is in the log")
    for record in records:
        if record.get("error_code") in {"upstream_unreachable", "upstream_error"} and not record.get("reason"):
            broken.append("an upstream's failure without a reason in the log")
        if any(len(str(value)) > 400 for name, value in record.items() if name != "_aws"):
            broken.append("an over-long text in the log line")
        if seen.status and not seen.left and record.get("status") != seen.status:
            broken.append(f"the log says status {record.get('status')}, the client got {seen.status}")
    return broken


def answer_rules(plan: Plan, seen: Seen) -> list[str]:
    broken = []
    if not seen.left and not (seen.status and seen.whole):
        broken.append("the answer did not end in order")
    patience = _GAP_SECONDS + (_TABLE_SECONDS if plan.fault == "hang" else 0)
    if plan.reads == "all" and plan.stream and seen.status == 200 and seen.gap > patience:
        broken.append(f"a gap of {seen.gap:.1f} s")
    for name, value in seen.headers.items():
        if len(value) > 300 or not value.isprintable():
            broken.append(f"header {name} has upstream's raw text")
    if seen.left or not seen.status:
        return broken
    if seen.status != 200 or not plan.stream:
        return broken + _document_rules(seen)
    return broken + _stream_rules(plan, seen)


def _document_rules(seen: Seen) -> list[str]:
    try:
        document = json.loads(seen.body)
    except ValueError:
        return [f"not JSON: {seen.body[:100]!r}"]
    return _error_rules(document.get("error")) if seen.status != 200 else []


def _error_rules(error: object) -> list[str]:
    if not isinstance(error, dict) or set(error) != {"message", "type", "code", "param"}:
        return ["an error that is not of OpenAI's shape"]
    texts = [text for text in error.values() if isinstance(text, str)]
    if any(len(text) > _MAX_ERROR_CHARS for text in texts):
        return ["an over-long error"]
    if any(not character.isprintable() for text in texts for character in text):
        return ["a control character in an error"]
    return []


def _stream_rules(plan: Plan, seen: Seen) -> list[str]:
    broken = []
    got, sent = data_of(seen.body), [data for data in data_of(plan.body) if data]
    got = [data for data in got if data]
    ended_well = bool(got) and got[-1].strip() == "[DONE]"
    if "[DONE]" in [data.strip() for data in got[:-1]]:
        broken.append("something follows [DONE]")
    error = None
    if got and not ended_well and (parsed := _json(got[-1])) and parsed.get("error"):
        error = parsed["error"]
        broken += _error_rules(error)
        got = got[:-1]
    if not ended_well and error is None and not _finished(got):
        broken.append("neither an end nor an error")
    expected = sent if plan.include_usage else [data for data in sent if not _is_usage(data)]
    if got != expected[: len(got)]:
        at = next(n for n, data in enumerate(got) if n >= len(expected) or data != expected[n])
        broken.append(f"event {at} is {got[at][:200]!r}, upstream sent {expected[at : at + 1]}")
    if _is_good(plan, sent) and not ended_well:
        broken.append("a good answer did not come whole")
    return broken


def _json(data: str) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _is_usage(data: str) -> bool:
    value = _json(data)
    return bool(value and value.get("choices") == [] and "usage" in value)


def _finished(got: list[str]) -> bool:
    for data in got:
        choices = (_json(data) or {}).get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict) and choices[0].get("finish_reason"):
            return True
    return False


def _is_good(plan: Plan, sent: list[str]) -> bool:
    """Whether the plan is one of a well-behaved upstream, so that its whole answer must arrive."""
    return (
        plan.fault == "none"
        and plan.end == "proper"
        and plan.head.startswith(b"HTTP/1.1 200 OK")
        and plan.reads == "all"
        and all(piece.after < 1 for piece in plan.pieces)
        and len(plan.body) < 100_000
        and b"gzip" not in plan.head
        and all(_KNOWN_LINE.match(line) for line in re.split(rb"\r\n|\n|\r", plan.body))
        and _is_text(plan.body)
        and bool(sent)
        and sent[-1] == "[DONE]"
        and "[DONE]" not in sent[:-1]
        and all((value := _json(data)) is not None and not value.get("error") for data in sent[:-1])
    )


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def count_rules(plan: Plan, upstream: PlannedUpstream, seen: Seen, counted: int) -> list[str]:
    if counted < 0:
        return [f"{counted} tokens counted"]
    relayed = sum(len(data) for data in data_of(seen.body) if MARK in data and '"error":{' not in data)
    if plan.fault == "none" and upstream.asked and seen.status == 200 and counted < relayed / _BYTES_PER_TOKEN / 20:
        return [f"{relayed} bytes relayed, {counted} tokens counted"]
    return []


def asked_rules(upstream: PlannedUpstream) -> list[str]:
    if upstream.asked <= 1:
        return []
    again_rightly = upstream.asked == 2 and (
        (upstream.reused[0] and not upstream.answered[0])
        or (upstream.plan is not None and upstream.plan.head.startswith(b"HTTP/1.1 401"))  # a rotated key
    )
    return (
        []
        if again_rightly
        else [f"upstream was asked {upstream.asked} times: reused {upstream.reused}, answered {upstream.answered}"]
    )
