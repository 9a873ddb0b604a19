"""What a client is told when the model's service answers with an error, of whatever shape."""

import json
import re
from collections.abc import Callable, Mapping

from chat.errors import UpstreamError, UpstreamRefusedError
from chat.log import logger
from chat.model.cleaning import clean, clean_code
from chat.model.headers import passed_on
from chat.model.service import Service

_MAX_MESSAGE_CHARS = 1_000
_MAX_PARAM_CHARS = 100
_MAX_DEPTH = 6
_MAX_ITEMS = 5
# What upstream's failures are to our client; any other server error is "bad gateway". To Bedrock, the model's time-outs
# and failures are errors of the client's.
_FAILURES = {408: 504, 424: 502, 503: 503, 504: 504, 529: 503}
_KEY_CODES = frozenset({"invalid_api_key", "invalid_authentication", "api_key_invalid", "account_deactivated"})
# Where the words are: OpenAI's, FastAPI's, AWS's, and those of many gateways.
_WORDS = ("error", "message", "Message", "msg", "detail", "errors", "error_description", "title")


def refusal(status: int, headers: Mapping[str, str], body: bytes, service: Service) -> UpstreamError:
    """The error for our client: upstream's status and reason, without what only the deployment's owner may know.

    Args:
        status: Upstream's.
        headers: Upstream's, names in lower case.
        body: What upstream said, or the beginning of it.
        service: Whose credentials must not be repeated.
    """
    said = _parsed(body)
    # AWS has its codes in a header: `ValidationException:http://…`.
    code = _code(said, service.redact) or clean_code(headers.get("x-amzn-errortype", "").partition(":")[0])
    message = _message(said, service.redact)
    reason = f"status {status}"
    if status == 401 or code.lower() in _KEY_CODES:  # noqa: PLR2004  # unauthorised
        logger.error("The model's service refused the API key", extra={"upstream_status": status, **service.remedy()})
        return UpstreamRefusedError(
            "The model's service refused this deployment's API key. Tell whoever runs it.",
            status=401,
            code="upstream_key_refused",
            reason=reason,
        )
    extra = passed_on(headers, service.redact)
    if status in _FAILURES or not 400 <= status < 500:  # noqa: PLR2004  # all but the client's own errors
        said_so = f" It said: {message}" if message else ""
        return UpstreamError(
            f"The model's service failed with status {status}. Try again later.{said_so}",
            status=_FAILURES.get(status, 502),
            code=code or None,
            headers=extra,
            reason=reason,
        )
    return UpstreamRefusedError(
        message or f"The model's service refused the request with status {status}.",
        status=status,
        code=code or ("rate_limit_exceeded" if status == 429 else "upstream_refused"),  # noqa: PLR2004
        param=_param(said, service.redact),
        headers=extra,
        reason=reason,
    )


def explained(error: object, service: Service) -> UpstreamError:
    """The error for our client when upstream has put one into its answer.

    Args:
        error: What upstream's `error` is: an object, a string, anything.
        service: Whose credentials must not be repeated.
    """
    code = _code(error, service.redact)
    message = _message(error, service.redact) or "The model's service reported an error in the middle of its answer."
    return UpstreamError(message, code=code, reason=f"in-band {code or 'error'}")


def error_within(body: bytes) -> tuple[int, object] | None:
    """The error of a document that came with status 200, and the status that it should have had.

    OpenRouter answers like this when it learns of a provider's refusal late.
    """
    said = _parsed(body) if b'"error"' in body else None
    first = said[0] if isinstance(said, list) and said else said
    if not isinstance(first, dict) or not first.get("error") or first.get("choices"):
        return None
    inner = first["error"]
    code = inner.get("code") if isinstance(inner, dict) else None
    return (code if isinstance(code, int) and 400 <= code < 600 else 502), inner  # noqa: PLR2004  # HTTP's errors


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        text = body.decode(errors="replace").strip()
    if text.startswith("<"):  # a gateway's page
        title = re.search(r"<title[^>]*>([^<]*)", text, re.IGNORECASE)
        return title[1] if title else ""
    return text.partition("\n")[0]


def _message(said: object, redact: Callable[[str], str]) -> str:
    words = re.sub(r"https?://\S+", "(link removed)", redact(_words(said)))
    return clean(words, _MAX_MESSAGE_CHARS)


def _words(said: object, depth: int = 0) -> str:
    words = ""
    if isinstance(said, str):
        words = said
    elif depth <= _MAX_DEPTH and isinstance(said, list):
        words = "; ".join(words for item in said[:_MAX_ITEMS] if (words := _words(item, depth + 1)))
    elif depth <= _MAX_DEPTH and isinstance(said, dict) and said:
        words = _words_of_object(said, depth)
    return words


def _words_of_object(said: dict[str, object], depth: int) -> str:
    words = next((words for name in _WORDS if (words := _words(said.get(name), depth + 1))), "")
    match said.get("metadata"):
        case {"raw": str(raw)}:  # what OpenRouter's provider said
            return f"{words}: {raw}" if words else raw
    return words or json.dumps(said, ensure_ascii=False)  # no words that anybody knows of: all there is


def _error_object(said: object) -> dict[str, object]:
    for _ in range(_MAX_DEPTH):
        if isinstance(said, list):
            said = said[0] if said else None
        elif isinstance(said, dict) and isinstance(inner := said.get("error"), dict | list):
            said = inner
        else:
            break
    return said if isinstance(said, dict) else {}


def _code(said: object, redact: Callable[[str], str]) -> str | None:
    error = _error_object(said)
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():  # Google's, which calls a wrong key an invalid argument
        if isinstance(detail, dict) and detail.get("reason") == "API_KEY_INVALID":
            return "api_key_invalid"
    code, status = error.get("code"), error.get("status")
    for value in (code, status):
        if isinstance(value, str) and value:
            return clean_code(redact(value))
    # Those of HTTP say no more than the status.
    return str(code)[:64] if type(code) is int and not 400 <= code < 600 else None  # noqa: PLR2004


def _param(said: object, redact: Callable[[str], str]) -> str | None:
    param = _error_object(said).get("param")
    return clean(redact(param), _MAX_PARAM_CHARS) if isinstance(param, str) else None
