"""A Function URL event as the request it stands for."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from chat.errors import InvalidRequestError

_PREFIX = "/api"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """An HTTP request.

    Attributes:
        method: In upper case.
        path: Without the `/api` prefix under which CloudFront serves it, without a trailing slash; `/` for the root.
        headers: Names in lower case.
        body: As sent by the client.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def from_event(cls, event: Mapping[str, object]) -> "HttpRequest":
        """Read a Function URL event (payload format 2.0).

        Raises:
            InvalidRequestError: The event is not one, or its body is not the base64 that it says it is.
        """
        match event:
            case {"requestContext": {"http": {"method": str(method)}}, "rawPath": str(path), "headers": dict(headers)}:
                return cls(method.upper(), _route(path), headers, _body(event))
            case _:
                raise InvalidRequestError("This function answers Function URL requests only.")


def _route(path: str) -> str:
    if path == _PREFIX or path.startswith(_PREFIX + "/"):
        path = path.removeprefix(_PREFIX)
    return path.rstrip("/") or "/"


def _body(event: Mapping[str, object]) -> bytes:
    body = event.get("body") or ""
    if not isinstance(body, str):
        raise InvalidRequestError("The event's body is not a string.")
    try:
        return base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise InvalidRequestError("The request's body cannot be decoded.") from None
