"""The function's settings: read from environment variables, checked once, when the function starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chat.auth.settings import AuthSettings
from chat.environment import Environment, SettingsError, count, names, number, seconds, text, url, whole_number
from chat.limits.settings import LimitSettings

__all__ = ["Settings", "SettingsError"]

MAX_HEARTBEAT_SECONDS = 15  # CloudFront and proxies give up on a silent origin; some after 20 s


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
        max_attachment_bytes: The most bytes that the images, files and sounds of a request may have together.
        embedding_models: Models that embeddings may be asked of; empty for none.
        token_limit_name: Under which name upstream takes the output limit; `auto` for what its address suggests.
        extra_parameters: Request parameters, and types of hosted tools, accepted beyond the usual ones, e.g. `n`.
        first_byte_seconds: Silence before the answer starts with status 200 and a heartbeat.
        heartbeat_seconds: The longest silence towards the client, in seconds.
        silence_seconds: The longest silence accepted from upstream, in seconds.
        deadline_margin_seconds: How long before Lambda's time-out an answer is ended.
        auth: Who may use it.
        limits: How much they may use.
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
    max_attachment_bytes: int = 4_000_000
    embedding_models: tuple[str, ...] = ()
    token_limit_name: str = "auto"  # noqa: S105  # no secret
    extra_parameters: frozenset[str] = frozenset()
    first_byte_seconds: float = 10
    heartbeat_seconds: float = 10
    silence_seconds: float = 60
    deadline_margin_seconds: float = 2
    auth: AuthSettings = field(default_factory=AuthSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check the settings.

        Args:
            environment: Usually `os.environ`.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        variables = Environment(environment)
        read = variables.read
        settings = cls(
            api_key_parameter=read("API_KEY_PARAMETER", text),
            models=read("MODELS", names),
            upstream_base_url=read("UPSTREAM_BASE_URL", url, cls.upstream_base_url),
            system_prompt=environment.get("SYSTEM_PROMPT", cls.system_prompt),
            max_output_tokens=read("MAX_OUTPUT_TOKENS", count, cls.max_output_tokens),
            max_input_chars=read("MAX_INPUT_CHARS", count, cls.max_input_chars),
            max_messages=read("MAX_MESSAGES", count, cls.max_messages),
            min_temperature=read("MIN_TEMPERATURE", number, cls.min_temperature),
            max_temperature=read("MAX_TEMPERATURE", number, cls.max_temperature),
            max_attachment_bytes=read("MAX_ATTACHMENT_BYTES", whole_number, cls.max_attachment_bytes),
            embedding_models=read("EMBEDDING_MODELS", names, cls.embedding_models),
            token_limit_name=read("TOKEN_LIMIT_NAME", _token_limit_name, cls.token_limit_name),
            extra_parameters=read("EXTRA_PARAMETERS", lambda value: frozenset(names(value)), cls.extra_parameters),
            first_byte_seconds=read("FIRST_BYTE_SECONDS", seconds, cls.first_byte_seconds),
            heartbeat_seconds=read("HEARTBEAT_SECONDS", seconds, cls.heartbeat_seconds),
            silence_seconds=read("SILENCE_SECONDS", seconds, cls.silence_seconds),
            deadline_margin_seconds=read("DEADLINE_MARGIN_SECONDS", seconds, cls.deadline_margin_seconds),
            auth=AuthSettings.from_environment(variables),
            limits=LimitSettings.from_environment(variables),
        )
        if settings.min_temperature > settings.max_temperature:
            raise SettingsError("MIN_TEMPERATURE must not be above MAX_TEMPERATURE")
        if settings.heartbeat_seconds > MAX_HEARTBEAT_SECONDS:
            raise SettingsError(f"HEARTBEAT_SECONDS must be at most {MAX_HEARTBEAT_SECONDS}")
        settings.limits.check(api_keys=settings.auth.api_keys, max_output_tokens=settings.max_output_tokens)
        return settings


def _token_limit_name(value: str) -> str:
    if value not in {"auto", "max_completion_tokens", "max_tokens"}:
        raise ValueError("must be auto, max_completion_tokens or max_tokens")
    return value
