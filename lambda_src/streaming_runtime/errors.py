"""How an error reaches Lambda once the status has been sent: in trailers, and in the log.

Whatever an exception is made of (a text that no encoding takes, a `__str__` that raises), telling of it never raises.
"""

import base64
import json
import logging
import re
import traceback
from contextlib import suppress

TYPE_TRAILER = "Lambda-Runtime-Function-Error-Type"
BODY_TRAILER = "Lambda-Runtime-Function-Error-Body"

# Bytes of all trailer lines with the empty line after them; more, and the response counts as truncated.
MAX_TRAILER_BYTES = 4096
_MAX_MESSAGE_BYTES = 1024
_MAX_FRAME_BYTES = 512
_MAX_TYPE_CHARS = 100

_logger = logging.getLogger(__name__.partition(".")[0])


def error_trailers(error: BaseException) -> list[tuple[str, str]]:
    """The two trailers for an error: its message cut to what fits, of its stack the newest frames.

    Returns:
        Name and value of each trailer, ASCII.
    """
    name = _name(error)
    report = {"errorMessage": _cut(message_of(error), _MAX_MESSAGE_BYTES), "errorType": name, "stackTrace": []}
    lines = f"{TYPE_TRAILER}: {name}\r\n{BODY_TRAILER}: \r\n\r\n"
    room = (MAX_TRAILER_BYTES - len(lines)) // 4 * 3 - len(_json(report))
    frames: list[str] = []
    for frame in reversed(traceback.format_tb(error.__traceback__)):
        text = _cut(frame, _MAX_FRAME_BYTES)
        room -= len(_json(text)) + len(", ")
        if room < 0:
            break
        frames.insert(0, text)
    body = base64.b64encode(_json({**report, "stackTrace": frames}))
    return [(TYPE_TRAILER, name), (BODY_TRAILER, body.decode("ascii"))]


def log(level: int, message: str, error: BaseException | None = None) -> None:
    """Write one record, with an error's traceback if the log takes it and with its message alone if not."""
    try:
        _logger.log(level, "%s", message, exc_info=error)
    except Exception:  # noqa: BLE001  # Lambda's log handlers let their errors out
        with suppress(Exception):
            _logger.log(level, "%s: %s: %s", message, _name(error), encodable(message_of(error)))


def message_of(error: BaseException | None) -> str:
    """The error's message, or that it has none to give."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # a __str__ may do anything
        return "<its message cannot be had: __str__ failed>"


def is_reportable(error: BaseException) -> bool:
    """Whether `awslambdaric` can report it: it catches no other than these, and needs their message in UTF-8."""
    try:
        str(error).encode()
    except Exception:  # noqa: BLE001  # a __str__ may do anything
        return False
    return isinstance(error, Exception)


def encodable(text: str) -> str:
    r"""The text with each lone surrogate written as an escape, `\ud800`; JSON stays the same JSON."""
    return text.encode(errors="backslashreplace").decode()


def _name(error: BaseException | None) -> str:
    return re.sub(r"[^A-Za-z0-9_.]", "_", type(error).__name__)[:_MAX_TYPE_CHARS]


def _cut(text: str, limit: int) -> str:
    """The beginning of a text, at most `limit` bytes long as JSON."""
    text = text[:limit]
    while (size := len(_json(text))) > limit:
        text = text[: len(text) * limit // size]
    return text


def _json(value: object) -> bytes:
    return encodable(json.dumps(value, ensure_ascii=False)).encode()
