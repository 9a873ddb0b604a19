"""Settings of the chat itself: which model, who may call from where, and how much one request may take."""

import dataclasses
from typing import Annotated

from stacks.settings.access import ORIGIN
from stacks.settings.kinds import choice, integer, listing, number, optional, text

_NAME = text(r"[\w.:/@+-]{1,100}", "a model's name")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChatSettings:
    """What the function relays, and within which bounds."""

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
    snap_start: Annotated[
        str,
        choice("on", "off"),
        "Whether new environments of the function start from a snapshot of a started one. Costs while nobody talks.",
    ] = "off"
    cors_origins: Annotated[
        tuple[str, ...],
        listing(
            ORIGIN,
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
