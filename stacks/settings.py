"""The deployment's settings: read from the CDK context, checked at synth, so that a bad value never reaches AWS.

Each setting is a key of `context` in cdk.json and can be overridden for one command: `-c memory_mb=1024`.
`python -m stacks.settings_table` prints them all.
"""

import dataclasses
import difflib
import typing
from collections.abc import Mapping
from typing import Annotated, Any, Self

from stacks.setting_kinds import Kind, choice, integer, listing, number, one_of_integers, optional, text

# What CloudWatch Logs accepts, up to ten years, less a few that nobody misses.
_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653)

# Keys without a namespace that belong to the CDK itself.
_CDK_KEYS = frozenset({"acknowledged-issue-numbers", "cli-telemetry"})

_NAME = text(r"[\w.:/@+-]{1,100}", "a model's name")
# Never `*`: any page of the web could then use the API with its visitor's browser.
_ORIGIN = text(r"https?://[a-z0-9.-]+(:\d{1,5})?", "an origin")


class SettingsError(ValueError):
    """Settings that cannot be deployed; the message names each key, what it got and what is accepted."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """What is deployed. Every field has its kind and its meaning beside it: the documentation is made from them."""

    stage: Annotated[
        str,
        text(r"[a-z][a-z0-9-]{0,19}", "up to 20 lower-case letters, digits and hyphens, a letter first"),
        "Ends the stack's name, `lambda-stream-chat-STAGE`: one account can have several.",
    ] = "prod"
    exposure: Annotated[
        str,
        choice("cloudfront", "direct"),
        "`cloudfront`: only the distribution may call the function. `direct`: its Function URL also answers anyone who "
        "knows it, for API clients outside the page.",
    ] = "cloudfront"
    models: Annotated[
        tuple[str, ...],
        listing(_NAME, "1 to 20 different model names", at_least=1, at_most=20),
        "Models that may be asked for. The first is the default.",
    ] = ("gpt-5.4-mini", "gpt-5.4-nano")
    upstream_base_url: Annotated[
        str,
        text(
            r"https://[^\s/?#@]+(/[^\s?#]*)?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?(/[^\s?#]*)?",
            "an https:// URL without user, query or fragment",
        ),
        "Base URL of the OpenAI-compatible API, with its `/v1`.",
    ] = "https://api.openai.com/v1"
    api_key_parameter: Annotated[
        str,
        text(
            r"(?!/?(aws|ssm))(/[\w.-]+){1,15}|(?!/?(aws|ssm))[\w.-]+",
            "an SSM parameter name such as `/folder/name`, not beginning with `aws` or `ssm`",
        ),
        "Name of the SSM SecureString with that API's key. The function may read this one parameter and no other.",
    ] = "/lambda-stream-chat/openai-api-key"
    api_key_kms_key_arn: Annotated[
        str | None,
        optional(text(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+", "a KMS key ARN, `arn:aws:kms:…:key/…`")),
        "Key of your own that encrypts the parameter. Nothing: the account's `aws/ssm` key, which needs no permission.",
    ] = None
    system_prompt: Annotated[
        str,
        text(r".{0,2000}", "up to 2,000 characters"),
        "Put before a conversation that brings no system message.",
    ] = ""
    max_output_tokens: Annotated[
        int, integer(1, 1_000_000), "The most tokens one answer may have, and what it gets when it does not ask."
    ] = 4096
    max_input_chars: Annotated[
        int, integer(1, 1_000_000), "The most characters of all messages of a request together."
    ] = 100_000
    max_messages: Annotated[int, integer(1, 10_000), "The most messages of a request."] = 1000
    min_temperature: Annotated[float, number(0, 2), "The lowest temperature accepted."] = 0
    max_temperature: Annotated[float, number(0, 2), "The highest temperature accepted."] = 2
    silence_seconds: Annotated[
        int, integer(5, 890), "The model's API silent for so long is given up. Models that think first need more."
    ] = 60
    memory_mb: Annotated[int, integer(256, 10_240), "The function's memory, and with it its share of a processor."] = (
        512
    )
    timeout_seconds: Annotated[int, integer(10, 900), "The longest that one answer may take."] = 300
    reserved_concurrency: Annotated[
        int | None,
        optional(integer(1, 100_000)),
        "The most answers at the same time; taken from the account's quota. Nothing: the quota is the limit.",
    ] = None
    log_level: Annotated[str, choice("DEBUG", "INFO", "WARNING", "ERROR"), "What the function logs from."] = "INFO"
    log_retention_days: Annotated[int, one_of_integers(*_RETENTION_DAYS), "Days that logs are kept."] = 30
    cors_origins: Annotated[
        tuple[str, ...],
        listing(
            _ORIGIN,
            "origins such as `https://example.com`, without a path and never `*`; may be empty",
            at_least=0,
            at_most=20,
        ),
        "Origins whose pages may call the Function URL from a browser. The page itself is same-origin and needs none.",
    ] = ("http://localhost:8000",)
    origin_read_timeout_seconds: Annotated[
        int,
        integer(16, 120),
        "How long CloudFront waits for the function's next bytes; the function's heartbeat comes at least every 15 s.",
    ] = 60
    price_class: Annotated[
        str,
        choice("PriceClass_100", "PriceClass_200", "PriceClass_All"),
        "Which of CloudFront's edge locations serve the page.",
    ] = "PriceClass_All"

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Self:
        """Read the settings out of the CDK context, ignoring the CDK's own keys.

        Raises:
            SettingsError: A key is not a setting, or a value is not accepted. All that is wrong is told at once.
        """
        known = describe()
        values: dict[str, Any] = {}
        problems = []
        for key, raw in context.items():
            if key in known:
                try:
                    values[key] = known[key].kind.parse(raw)
                except ValueError:
                    problems.append(f"{key}: got {raw!r}; accepted: {known[key].kind.accepts}")
            elif not _belongs_to_the_cdk(key):
                near = difflib.get_close_matches(key.replace("-", "_"), known, n=1)
                problems.append(f"{key}: no such setting" + (f"; did you mean {near[0]}?" if near else ""))
        settings = cls(**values)
        if not problems and settings.min_temperature > settings.max_temperature:
            problems.append(f"min_temperature: got {settings.min_temperature:g}; accepted: at most max_temperature")
        if problems:
            raise SettingsError("\n".join(["These settings (cdk.json, -c) cannot be deployed:", *problems]))
        return settings


@dataclasses.dataclass(frozen=True)
class Description:
    """A setting as its documentation needs it."""

    key: str
    default: Any
    kind: Kind[Any]
    meaning: str


def describe() -> dict[str, Description]:
    """Return every setting by its key, in the order of the class."""
    hints = typing.get_type_hints(Settings, include_extras=True)
    described = {}
    for field in dataclasses.fields(Settings):
        _, kind, meaning = typing.get_args(hints[field.name])
        described[field.name] = Description(field.name, field.default, kind, meaning)
    return described


def _belongs_to_the_cdk(key: str) -> bool:
    # Feature flags (@aws-cdk/…), the command line (aws:cdk:…), cached look-ups (vpc-provider:…).
    return ":" in key or "/" in key or key in _CDK_KEYS
