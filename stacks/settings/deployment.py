"""Settings of what is made in the account: which stage, for whom to reach, how large."""

import dataclasses

from chat.declaration import setting
from chat.kinds import choice, integer, listing, optional, switch, text
from contracts import cors

# Never `*`: any page of the web could then use the API with its visitor's browser.
ORIGIN = text(cors.ORIGIN, "an origin")


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeploymentSettings:
    """The function and its distribution, as resources."""

    stage: str = setting(
        "prod",
        text(r"[a-z][a-z0-9-]{0,19}", "up to 20 lower-case letters, digits and hyphens, a letter first"),
        "Ends the stack's name, `lambda-stream-chat-STAGE`: one account can have several, each in several regions.",
    )
    exposure: str = setting(
        "cloudfront",
        choice("cloudfront", "direct"),
        "`cloudfront`: only the distribution may call the function. `direct`: its Function URL also answers anyone who "
        "knows it, for API clients outside the page.",
    )
    api_key_kms_key_arn: str | None = setting(
        None,
        optional(text(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+", "a KMS key ARN, `arn:aws:kms:…:key/…`")),
        "Key of your own that encrypts the parameter. Nothing: the account's `aws/ssm` key, which needs no permission.",
    )
    memory_mb: int = setting(512, integer(256, 10_240), "The function's memory, and with it its share of a processor.")
    timeout_seconds: int = setting(300, integer(10, 900), "The longest that one answer may take.")
    reserved_concurrency: int | None = setting(
        None,
        optional(integer(1, 100_000)),
        "The most answers at the same time; taken from the account's quota. Nothing: the quota is the limit.",
    )
    snap_start: bool = setting(
        False,  # noqa: FBT003  # the default
        switch(),
        "Whether new environments of the function start from a snapshot of a started one. Costs while nobody talks.",
    )
    cors_origins: tuple[str, ...] = setting(
        ("http://localhost:8000",),
        listing(
            ORIGIN,
            "origins such as `https://example.com`, without a path and never `*`; may be empty",
            at_least=0,
            at_most=20,
        ),
        "Origins whose pages may call the Function URL from a browser. The page itself is same-origin and needs none.",
    )
    origin_read_timeout_seconds: int = setting(
        60,
        integer(16, 180),
        "How long CloudFront waits for the function's next bytes. Streamed answers have heartbeats each 15 s or less; "
        "one that comes as a whole, or as plain text, is given up a little before. Over 60 may need a quota of AWS.",
    )
