"""What a Function URL makes of a function's answer: status, headers and body, from any of three forms.

- a prelude (JSON up to eight NUL bytes) and the body, `application/vnd.awslambda.http-integration-response`;
- any other stream: the body alone;
- a whole JSON document, payload format 2.0:
  https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Protocol

SEPARATOR = b"\0" * 8
MAX_PRELUDE_BYTES = 65536

_DROPPED = {"connection", "content-length", "date", "keep-alive", "transfer-encoding"}


class MalformedAnswerError(Exception):
    """The function's answer is not what a Function URL understands."""


@dataclass(frozen=True)
class Head:
    """Status and headers of an answer, in order; names in lower case, cookies are in as `set-cookie`."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)


class Decoder(Protocol):
    """Takes an answer's bytes until it knows the head; not to be used any further then."""

    def feed(self, data: bytes) -> tuple[Head, bytes] | None:
        """Take the next bytes: the head and the first bytes of the body, or None if there is more to come.

        Raises:
            MalformedAnswerError: This will not become a head.
        """

    def finish(self) -> tuple[Head, bytes]:
        """The answer is complete.

        Raises:
            MalformedAnswerError: It has no head.
        """


class PreludeDecoder:
    """Finds the end of the prelude wherever the borders between chunks fall."""

    def __init__(self) -> None:
        self._seen = bytearray()

    def feed(self, data: bytes) -> tuple[Head, bytes] | None:
        """See `Decoder`."""
        self._seen += data
        prelude, separator, body = self._seen.partition(SEPARATOR)
        if separator:
            return _head(_json(prelude), "application/octet-stream"), bytes(body)
        if len(self._seen) > MAX_PRELUDE_BYTES:
            raise MalformedAnswerError(f"no end of the prelude in {MAX_PRELUDE_BYTES} bytes")
        return None

    def finish(self) -> tuple[Head, bytes]:
        """See `Decoder`."""
        raise MalformedAnswerError("the answer ends before its prelude does")


class PlainDecoder:
    """A stream without a head of its own."""

    def __init__(self, content_type: str) -> None:
        self._head = Head(200, [("content-type", content_type or "application/octet-stream")])

    def feed(self, data: bytes) -> tuple[Head, bytes]:
        """See `Decoder`."""
        return self._head, data

    def finish(self) -> tuple[Head, bytes]:
        """See `Decoder`."""
        return self._head, b""


class DocumentDecoder:
    """A buffered answer: an object with a `statusCode`, or else any JSON, which is the body then."""

    def __init__(self) -> None:
        self._document = bytearray()

    def feed(self, data: bytes) -> None:
        """See `Decoder`."""
        self._document += data

    def finish(self) -> tuple[Head, bytes]:
        """See `Decoder`."""
        document = _json(self._document)
        if not isinstance(document, dict) or "statusCode" not in document:
            return _head({}, "application/json"), bytes(self._document)
        head = _head(document, "application/json")
        body = document.get("body") or ""
        if not isinstance(body, str):
            raise MalformedAnswerError("body is not a string")
        if not document.get("isBase64Encoded"):
            return head, body.encode()
        try:
            return head, base64.b64decode(body, validate=True)
        except binascii.Error as error:
            raise MalformedAnswerError("body is not base64") from error


def decoder(content_type: str, *, streaming: bool) -> Decoder:
    """The decoder for an answer that the function posts with these headers."""
    if not streaming:
        return DocumentDecoder()
    if content_type == "application/vnd.awslambda.http-integration-response":
        return PreludeDecoder()
    return PlainDecoder(content_type)


def _json(data: bytearray) -> object:
    try:
        document: object = json.loads(data)
    except ValueError as error:
        raise MalformedAnswerError("not JSON") from error
    return document


def _head(document: object, default_type: str) -> Head:
    if not isinstance(document, dict):
        raise MalformedAnswerError("not a JSON object")
    status, headers, cookies = document.get("statusCode", 200), document.get("headers"), document.get("cookies")
    if not isinstance(status, int) or not 200 <= status <= 599:  # noqa: PLR2004  # 1xx cannot end an answer
        raise MalformedAnswerError(f"statusCode is {status!r}")
    if not isinstance(headers, dict | None) or not isinstance(cookies, list | None):
        raise MalformedAnswerError("headers is not an object, or cookies is not a list")
    named = {
        name.lower(): value if isinstance(value, str) else json.dumps(value) for name, value in (headers or {}).items()
    }
    pairs = [(name, value) for name, value in ({"content-type": default_type} | named).items() if name not in _DROPPED]
    return Head(status, pairs + [("set-cookie", str(cookie)) for cookie in cookies or []])
