"""How an error in mid-stream is told to Lambda: in trailers, since the status has been sent."""

import base64
import json
import re
import traceback

TYPE_TRAILER = "Lambda-Runtime-Function-Error-Type"
BODY_TRAILER = "Lambda-Runtime-Function-Error-Body"

# Both trailers together stay under 4 KB, or the invocation counts as truncated (docs/lambda-streaming.md).
_MAX_JSON_BYTES = 2_700  # 3,600 in base64
_MAX_MESSAGE_CHARS = 400  # at most 2,400 bytes, when every character becomes \uXXXX
_MAX_TYPE_CHARS = 100


def error_trailers(error: Exception) -> list[tuple[str, str]]:
    """The two trailers for an error, the traceback cut from its oldest frame to what fits.

    Returns:
        Name and value of each trailer, ASCII.
    """
    name = re.sub(r"[^A-Za-z0-9_.]", "_", type(error).__name__)[:_MAX_TYPE_CHARS]
    frames = traceback.format_tb(error.__traceback__)
    while len(body := _body(name, error, frames)) > _MAX_JSON_BYTES:
        frames = frames[1:]
    return [(TYPE_TRAILER, name), (BODY_TRAILER, base64.b64encode(body).decode("ascii"))]


def _body(name: str, error: Exception, frames: list[str]) -> bytes:
    message = str(error)[:_MAX_MESSAGE_CHARS]
    return json.dumps({"errorMessage": message, "errorType": name, "stackTrace": frames}).encode()
