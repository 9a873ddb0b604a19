"""A handler whose responses are what the event says: tests/unit/streaming_runtime/test_any_response.py."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from streaming_runtime import StreamingResponse

closed = 0


def handler(event: dict[str, Any], _context: object) -> object:
    if "report" in event:
        print(event["report"], flush=True)  # noqa: T201  # marks the end of what was logged before
        return closed
    return StreamingResponse(
        Body(event),
        status_code=event["status"],
        headers={"x-a": PRELUDE_VALUES[event["header"]]},
        cookies=["a=1"],
    )


class UnprintableError(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError("no words")


ERRORS: dict[str, Callable[[str], BaseException]] = {
    "value": ValueError,
    "unprintable": UnprintableError,
    "cancelled": asyncio.CancelledError,
    "base": BaseException,
    "os": OSError,
    "group": lambda message: ExceptionGroup(message, [ValueError(message)]),
    "named": type("E" * 5000 + "\r\nX-Injected", (Exception,), {}),
}
PRELUDE_VALUES: dict[str, Any] = {
    "text": "b",
    "japanese": "日本",
    "surrogate": "\ud800",
    "bytes": b"b",
    "nan": float("nan"),
    "object": object(),
}


class Body:
    """Yields chunks of the sizes that the event lists, and fails where it says.

    What is listed is a size, "text" for a chunk that is no bytes, or an error as [kind, message, depth].
    """

    def __init__(self, event: dict[str, Any]) -> None:
        self._parts = event["parts"]
        self._closing = event["closing"]

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            if isinstance(part, list):
                fall(*part)
            yield part if part == "text" else b"x" * part

    def close(self) -> None:
        global closed  # noqa: PLW0603  # told at the next event
        closed += 1
        if self._closing:
            fall(*self._closing)


def fall(kind: str, message: str, depth: int) -> None:
    """Raise an error from somewhere deep; two lines in turn, which a traceback does not fold into one."""
    if depth % 2:
        fall(kind, message, depth - 1)
    if depth:
        fall(kind, message, depth - 1)
    raise ERRORS[kind](message)
