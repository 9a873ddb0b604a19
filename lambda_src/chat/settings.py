"""The function's settings: read from environment variables, checked once, when the function starts."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

_T = TypeVar("_T")

MAX_HEARTBEAT_SECONDS = 15  # CloudFront and proxies give up on a silent origin; some after 20 s


class SettingsError(ValueError):
    """An environment variable is missing or has a value that cannot be used; the message names it."""


@dataclass(frozen=True)
class Settings:
    """What one deployment allows and where its model is.

    Attributes:
        api_key_parameter: Name of the SSM SecureString that holds the upstream API key.
        models: Models that may be asked for; the first is the default.
        upstream_base_url: Base URL of an OpenAI-compatible API, with its `/v1`.
        system_prompt: Put before a conversation that brings no system message; empty for none.
        max_output_tokens: The most output tokens one answer may ask for, and what it gets when it does not ask.
        max_input_chars: The most characters all messages of a request may have together.
        max_messages: The most messages a request may have.
        min_temperature: The lowest temperature accepted.
        max_temperature: The highest temperature accepted.
        extra_parameters: Request parameters accepted beyond the usual ones, e.g. `tools`.
        first_byte_seconds: Silence before the answer starts with status 200 and a heartbeat.
        heartbeat_seconds: The longest silence towards the client, in seconds.
        silence_seconds: The longest silence accepted from upstream, in seconds.
        deadline_margin_seconds: How long before Lambda's time-out an answer is ended.
    """

    api_key_parameter: str
    models: tuple[str, ...]
    upstream_base_url: str = "https://api.openai.com/v1"
    system_prompt: str = ""
    max_output_tokens: int = 4096
    max_input_chars: int = 100_000
    max_messages: int = 1_000
    min_temperature: float = 0
    max_temperature: float = 2
    extra_parameters: frozenset[str] = frozenset()
    first_byte_seconds: float = 10
    heartbeat_seconds: float = 10
    silence_seconds: float = 60
    deadline_margin_seconds: float = 2

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check the settings.

        Args:
            environment: Usually `os.environ`.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        read = _Reader(environment)
        settings = cls(
            api_key_parameter=read("API_KEY_PARAMETER", _text),
            models=read("MODELS", _names),
            upstream_base_url=read("UPSTREAM_BASE_URL", _url, cls.upstream_base_url),
            system_prompt=environment.get("SYSTEM_PROMPT", cls.system_prompt),
            max_output_tokens=read("MAX_OUTPUT_TOKENS", _count, cls.max_output_tokens),
            max_input_chars=read("MAX_INPUT_CHARS", _count, cls.max_input_chars),
            max_messages=read("MAX_MESSAGES", _count, cls.max_messages),
            min_temperature=read("MIN_TEMPERATURE", _number, cls.min_temperature),
            max_temperature=read("MAX_TEMPERATURE", _number, cls.max_temperature),
            extra_parameters=read("EXTRA_PARAMETERS", lambda text: frozenset(_names(text)), cls.extra_parameters),
            first_byte_seconds=read("FIRST_BYTE_SECONDS", _seconds, cls.first_byte_seconds),
            heartbeat_seconds=read("HEARTBEAT_SECONDS", _seconds, cls.heartbeat_seconds),
            silence_seconds=read("SILENCE_SECONDS", _seconds, cls.silence_seconds),
            deadline_margin_seconds=read("DEADLINE_MARGIN_SECONDS", _seconds, cls.deadline_margin_seconds),
        )
        if settings.min_temperature > settings.max_temperature:
            raise SettingsError("MIN_TEMPERATURE must not be above MAX_TEMPERATURE")
        if settings.heartbeat_seconds > MAX_HEARTBEAT_SECONDS:
            raise SettingsError(f"HEARTBEAT_SECONDS must be at most {MAX_HEARTBEAT_SECONDS}")
        return settings


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def __call__(self, name: str, convert: Callable[[str], _T], default: _T | None = None) -> _T:
        text = self._environment.get(name, "").strip()
        if not text:
            if default is None:
                raise SettingsError(f"{name} is not set")
            return default
        try:
            return convert(text)
        except ValueError as error:
            raise SettingsError(f"{name} {error}, got {text!r}") from None


def _text(text: str) -> str:
    return text


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    if not names:
        raise ValueError("must name at least one, separated by commas")
    return names


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be an http(s) URL")
    return text.rstrip("/")


def _count(text: str) -> int:
    if not text.isdecimal() or (number := int(text)) < 1:
        raise ValueError("must be a whole number above 0")
    return number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("must be a number")
    return number


def _seconds(text: str) -> float:
    if (number := _number(text)) <= 0:
        raise ValueError("must be above 0")
    return number
