"""The bearer token of a request."""

import re
from collections.abc import Mapping

from chat.auth.errors import InvalidTokenError, MissingTokenError

MAX_TOKEN_CHARS = 8192

# Behind CloudFront, `authorization` holds CloudFront's own signature (docs/lambda-streaming.md), which is not a token.
_OWN_HEADER = "x-chat-authorization"

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)  # RFC 6750 §2.1


def bearer_token(headers: Mapping[str, str]) -> str:
    """The token in `x-chat-authorization`, else in `authorization`.

    Args:
        headers: Names in lower case.

    Raises:
        MissingTokenError: There is none.
        InvalidTokenError: It is malformed or too long.
    """
    value = headers.get(_OWN_HEADER)
    if value is None:
        value = headers.get("authorization", "")
        if not value[:7].lower() == "bearer ":
            raise MissingTokenError
    if len(value) > MAX_TOKEN_CHARS + len("bearer "):
        raise InvalidTokenError("too long")
    found = _BEARER.fullmatch(value.strip())
    if found is None:
        raise InvalidTokenError("malformed")
    return found[1]
