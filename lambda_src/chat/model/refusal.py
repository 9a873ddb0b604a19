"""What a client is told when the model's service answers with an error status."""

import json
import re
from collections.abc import Mapping

from chat.errors import UpstreamError, UpstreamRefusedError
from chat.log import logger
from chat.model.api_key import ApiKey

_MAX_MESSAGE_CHARS = 1_000
_URL = re.compile(r"https?://\S+")
# Server errors whose meaning survives being passed on; any other is "bad gateway" to our client.
_KEPT_SERVER_ERRORS = frozenset({503, 504})


def refusal(status: int, headers: Mapping[str, str], body: bytes, key: ApiKey) -> UpstreamError:
    """The error for our client: upstream's status and message, without what only the deployment's owner may know.

    Args:
        status: Upstream's.
        headers: Upstream's, names in lower case.
        body: What upstream said.
        key: Must not be repeated.
    """
    retry_after = headers.get("retry-after")
    passed_on = {"retry-after": retry_after} if retry_after else {}
    if status in {401, 403}:  # about the deployment's key, not about the request
        logger.error("The model's service refused the API key", extra={"upstream_status": status, **key.advice()})
        return UpstreamRefusedError(
            "The model's service refused this deployment's API key. Tell whoever runs it.",
            status=status,
            code="upstream_key_refused",
        )
    if not 400 <= status < 500:  # noqa: PLR2004  # all but the client's own errors
        return UpstreamError(
            f"The model's service failed with status {status}. Try again later.",
            status=status if status in _KEPT_SERVER_ERRORS else 502,
            headers=passed_on,
        )
    said = _error_object(body)
    return UpstreamRefusedError(
        upstream_message(said, key) or f"The model's service refused the request with status {status}.",
        status=status,
        code=_text(said.get("code")) or ("rate_limit_exceeded" if status == 429 else "upstream_refused"),  # noqa: PLR2004
        param=_text(said.get("param")),
        headers=passed_on,
    )


def upstream_message(error: dict[str, object], key: ApiKey) -> str | None:
    """The message of upstream's error object, without the key and without addresses."""
    message = _text(error.get("message"))
    if not message:
        return None
    return _URL.sub("(link removed)", key.redact(message))[:_MAX_MESSAGE_CHARS]


def explain(error: object) -> UpstreamError:
    """The error for our client when upstream's error comes with status 200 or in the middle of an answer."""
    code = _text(error.get("code")) if isinstance(error, dict) else None
    return UpstreamError("The model's service reported an error in the middle of its answer.", code=code)


def _error_object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    error = value.get("error", value) if isinstance(value, dict) else None
    return error if isinstance(error, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
