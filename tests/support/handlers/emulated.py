"""Handlers for the tests of `local`: each does one thing a function may do, named by the path it is asked for."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from streaming_runtime import StreamingResponse

_PATIENCE_SECONDS = 20


class Context(Protocol):
    """What of Lambda's context is looked at."""

    aws_request_id: str
    function_name: str
    invoked_function_arn: str
    log_group_name: str
    memory_limit_in_mb: str

    def get_remaining_time_in_millis(self) -> int: ...


def handler(event: dict[str, Any], context: Context) -> object:
    body = event.get("body") or ""
    text = base64.b64decode(body).decode() if event["isBase64Encoded"] else body
    action = globals()[f"do_{event['rawPath'].rpartition('/')[2]}"]
    result: object = action(text, context)
    return result


def do_pid(_text: str, _context: Context) -> object:
    return {"statusCode": 200, "body": str(os.getpid())}


def do_variables(_text: str, _context: Context) -> object:
    return dict(os.environ)


def do_context(_text: str, context: Context) -> object:
    return {
        "request_id": context.aws_request_id,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "function_name": context.function_name,
        "function_arn": context.invoked_function_arn,
        "log_group": context.log_group_name,
        "memory": context.memory_limit_in_mb,
    }


def do_binary(_text: str, _context: Context) -> object:
    return {"statusCode": 200, "body": base64.b64encode(b"\x00\xff").decode(), "isBase64Encoded": True}


def do_large(_text: str, _context: Context) -> object:
    return "x" * (6 * 1024 * 1024 + 200)


def do_hold(path: str, _context: Context) -> object:
    """Stream the process id, wait for a file, stream one word more and leave a file beside it."""

    def body() -> Iterator[bytes]:
        yield str(os.getpid()).encode()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not Path(path).exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        yield b" released"
        Path(f"{path}.end").touch()

    return StreamingResponse(body(), 201, {"content-type": "text/plain", "x-a": "b"}, ["a=1; HttpOnly", "b=2"])


def do_flood(path: str, _context: Context) -> object:
    """Stream the process id, then far more than any buffer between here and the client holds.

    In the end a file says whether all of it was asked for.
    """

    def body() -> Iterator[bytes]:
        end = "cut"
        try:
            yield b"%d\n" % os.getpid()
            for index in range(512):
                yield b"%08d" % index * 4096
            end = "complete"
        finally:
            if path:
                Path(path).write_text(end)

    return StreamingResponse(body())


def do_raise(_text: str, _context: Context) -> object:
    raise ValueError("raised on purpose")


def do_raise_at_length(_text: str, _context: Context) -> object:
    raise ValueError("raised on purpose " * 50_000)


def do_generator(_text: str, _context: Context) -> object:
    return (chunk for chunk in [b"not wrapped"])


def do_surrogate(_text: str, _context: Context) -> object:
    return {"text": "\ud800"}


def do_raise_later(_text: str, _context: Context) -> object:
    def body() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("raised on purpose")

    return StreamingResponse(body())


def do_exit(_text: str, _context: Context) -> object:
    os._exit(3)


def do_exit_later(_text: str, _context: Context) -> object:
    def body() -> Iterator[bytes]:
        yield b"half"
        os._exit(3)

    return StreamingResponse(body())


def do_sleep(_text: str, _context: Context) -> object:
    time.sleep(60)
    return None


def do_child(_text: str, _context: Context) -> object:
    """Start a process that holds on to the output, and tell its id."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    return {"statusCode": 200, "body": str(child.pid)}


def do_linger(_text: str, _context: Context) -> object:
    """Answer completely, and then do not come to an end."""
    return StreamingResponse(Lingering())


class Lingering:
    """A body that takes for ever to close."""

    def __iter__(self) -> Iterator[bytes]:
        yield str(os.getpid()).encode()

    def close(self) -> None:
        time.sleep(60)


def do_print(text: str, _context: Context) -> object:
    print(text)  # noqa: T201  # what the test is about
    sys.stderr.write("and to stderr")
    return None
