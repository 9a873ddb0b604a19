"""Which model the function talks to: the one that OPENAI_BASE_URL and OPENAI_API_KEY name, if they are set."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"
_NO_KEY = "no-key-needed"
_TIMEOUT_SECONDS = 10
_SHOWN_CHARS = 100  # of what is no HTTP


class UpstreamError(Exception):
    """The model that was asked for cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Upstream:
    """An OpenAI-compatible API.

    Attributes:
        base_url: With its `/v1`.
        key: Its API key.
        models: What may be asked for; the first is the default.
    """

    base_url: str
    key: str
    models: Sequence[str]


def upstream_from(
    environment: Mapping[str, str], models: Sequence[str], openai_models: Sequence[str]
) -> Upstream | None:
    """The API that the shell's variables name; None if they name none.

    Args:
        environment: The shell's variables.
        models: What the user asked for. Without any: `openai_models` for OpenAI, for any other API those it lists.
        openai_models: See `models`.

    Raises:
        UpstreamError: The URL is none, or the API does not answer or does not list its models.
    """
    base_url = environment.get("OPENAI_BASE_URL", "").strip().rstrip("/")
    key = environment.get("OPENAI_API_KEY", "").strip()
    if not base_url and not key:
        return None
    base_url = _checked(base_url or OPENAI)
    if base_url == OPENAI and not key:
        raise UpstreamError(f"{OPENAI} needs a key: set OPENAI_API_KEY.")
    key = key or _NO_KEY
    if not key.isascii() or not key.isprintable():
        raise UpstreamError("OPENAI_API_KEY holds a character that no key has.")
    if not models:
        models = openai_models if base_url == OPENAI else _listed_models(base_url, key)
    return Upstream(base_url, key, models)


def _checked(base_url: str) -> str:
    """The URL, if it can be one. One that cannot is not shown: it may hold a password."""
    try:
        url = urlsplit(base_url)
        if "@" in url.netloc:
            raise UpstreamError("OPENAI_BASE_URL must not hold a user name or password; a key is for OPENAI_API_KEY.")
        is_base = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    except ValueError:  # a port that is none, half an IPv6 address
        is_base = False
    if not is_base or set(base_url) & set(" ?#") or not base_url.isprintable():
        raise UpstreamError("OPENAI_BASE_URL must be like http://localhost:11434/v1 or https://api.example.com/v1.")
    return base_url


def _listed_models(base_url: str, key: str) -> list[str]:
    try:
        request = urllib.request.Request(f"{base_url}/models", headers={"Authorization": f"Bearer {key}"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310  # the user's own URL
            body = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            raise UpstreamError(
                f"GET {base_url}/models answers {error.code} {error.reason}. {_advice(error)}"
            ) from None
    except http.client.HTTPException as error:
        raise UpstreamError(
            f"GET {base_url}/models gets no whole answer in HTTP: {repr(error)[:_SHOWN_CHARS]}. Is it the right port?"
        ) from None
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "reason", error)
        raise UpstreamError(f"OPENAI_BASE_URL={base_url} does not answer: {reason}. Is the server running?") from None
    try:
        models = [model["id"] for model in json.loads(body)["data"]]
    except (ValueError, KeyError, TypeError):
        raise UpstreamError(
            f"GET {base_url}/models does not list models. Has the URL its /v1? Else name one with --model NAME."
        ) from None
    if not models:
        raise UpstreamError(f"{base_url} has no models yet. Load one there, or name one with --model NAME.")
    return models


def _advice(error: urllib.error.HTTPError) -> str:
    if error.code in {401, 403}:
        return "Set OPENAI_API_KEY to a key that this server accepts."
    return "Name a model with --model NAME; and has the URL its /v1?"
