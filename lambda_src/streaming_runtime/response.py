"""What a handler returns in order to stream."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from streaming_runtime.errors import log

# Between the prelude and the body: lambda-runtime's HTTP integration format.
PRELUDE_END = b"\0" * 8

# Statuses whose response has no body (RFC 9110 §15.3.5, §15.4.5).
_BODILESS = frozenset({204, 304})

# Function URLs have been seen to hang on a response without any body byte.
_FILLER = b"\n"


@dataclass(frozen=True, slots=True)
class StreamingResponse:
    """An HTTP response whose body is sent as it is produced.

    Attributes:
        body: The body's bytes, in pieces of any size; empty pieces are skipped. Its `close()`, if it has one, is always
            called, also when it raised or when the response could not be sent.
        status_code: HTTP status.
        headers: Response headers, without cookies.
        cookies: One `Set-Cookie` value each, e.g. `"session=1; HttpOnly"`.
    """

    body: Iterable[bytes]
    status_code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[str] = ()


class StartedResponse:
    """A `StreamingResponse` whose first chunk has been produced, so that what follows is an error in mid-stream.

    Args:
        response: What the handler returned.

    Attributes:
        head: The chunks that are ready: the prelude, its end mark and the first chunk of the body, if it has one.

    Raises:
        BaseException: Whatever the body raised before its first chunk, or a TypeError or ValueError for a prelude that
            JSON cannot hold. The body is closed then.
    """

    def __init__(self, response: StreamingResponse) -> None:
        self._body = response.body
        try:
            self._chunks = _non_empty(response.body)
            first = next(self._chunks, b"" if response.status_code in _BODILESS else _FILLER)
            self.head = (_prelude(response), PRELUDE_END, *([first] if first else []))
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        """The chunks after the first, none of them empty."""
        return self._chunks

    def close(self) -> None:
        """Close the body, if it can be closed; an error in that is for the log, since the response is decided."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001  # asyncio's CancelledError too
            log(logging.ERROR, "The response's body could not be closed", error)


def _prelude(response: StreamingResponse) -> bytes:
    prelude = {
        "statusCode": response.status_code,
        "headers": dict(response.headers),
        "cookies": list(response.cookies),
    }
    return json.dumps(prelude, allow_nan=False).encode()


def _non_empty(body: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in body:
        if not isinstance(chunk, bytes):
            raise TypeError(f"a streaming body yields bytes, not {type(chunk).__name__}")
        if chunk:  # an empty chunk would end the stream
            yield chunk
