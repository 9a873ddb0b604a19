"""What a client is told when the model's service answers with an error status."""

import re

import openai

from chat.api_key import ApiKey
from chat.errors import UpstreamError, UpstreamRefusedError
from chat.record import logger

_MAX_MESSAGE_CHARS = 1_000
_URL = re.compile(r"https?://\S+")
# Server errors whose meaning survives being passed on; any other is "bad gateway" to our client.
_KEPT_SERVER_ERRORS = frozenset({503, 504})


def refusal(error: openai.APIStatusError, key: ApiKey) -> UpstreamError:
    """The error for our client: upstream's status and message, without what only the deployment's owner may know."""
    status = error.status_code
    retry_after = error.response.headers.get("retry-after")
    headers = {"retry-after": retry_after} if retry_after else {}
    if status in {401, 403}:  # about the deployment's key, not about the request
        logger.error("The model's service refused the API key", extra={"upstream_status": status, **key.advice()})
        return UpstreamRefusedError(
            "The model's service refused this deployment's API key. Tell whoever runs it.",
            status=status,
            code="upstream_key_refused",
        )
    if status >= 500:  # noqa: PLR2004  # server errors
        return UpstreamError(
            f"The model's service failed with status {status}. Try again later.",
            status=status if status in _KEPT_SERVER_ERRORS else 502,
            headers=headers,
        )
    body = error.body if isinstance(error.body, dict) else {}
    return UpstreamRefusedError(
        upstream_message(body, key) or f"The model's service refused the request with status {status}.",
        status=status,
        code=_text(body.get("code")) or ("rate_limit_exceeded" if status == 429 else "upstream_refused"),  # noqa: PLR2004
        param=_text(body.get("param")),
        headers=headers,
    )


def upstream_message(error: dict[str, object], key: ApiKey) -> str | None:
    """The message of upstream's error object, without the key and without addresses."""
    message = _text(error.get("message"))
    if not message:
        return None
    return _URL.sub("(link removed)", key.redact(message))[:_MAX_MESSAGE_CHARS]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
