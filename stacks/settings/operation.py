"""Settings of running it like a service: address, logs, alarms, costs."""

import dataclasses

from chat.declaration import setting
from chat.kinds import choice, integer, listing, number, one_of_integers, optional, switch, text

# What CloudWatch Logs accepts, up to ten years, less a few that nobody misses, as the CDK names it.
RETENTION = {
    1: "ONE_DAY",
    3: "THREE_DAYS",
    5: "FIVE_DAYS",
    7: "ONE_WEEK",
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    60: "TWO_MONTHS",
    90: "THREE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
    731: "TWO_YEARS",
    1827: "FIVE_YEARS",
    3653: "TEN_YEARS",
}

_COUNTRY = text(r"[A-Z]{2}", "a country")
_TAG = text(r"(?!aws:)[\w.:/+@ -]{1,128}=[\w.:/+@ -]{0,256}", "a tag")
_PRICE = optional(number(0, 10_000))


@dataclasses.dataclass(frozen=True, kw_only=True)
class OperationSettings:
    """How the deployment is reached, watched and paid for."""

    log_level: str = setting("INFO", choice("DEBUG", "INFO", "WARNING", "ERROR"), "What the function logs from.")
    log_retention_days: int = setting(30, one_of_integers(*RETENTION), "Days that logs are kept.")
    tracing: bool = setting(
        False,  # noqa: FBT003  # the default
        switch(),
        "Whether X-Ray samples the function's requests. Costs by trace; nothing when idle.",
    )
    monitoring: bool = setting(
        True,  # noqa: FBT003  # the default
        switch(),
        "A CloudWatch dashboard and alarms. Within CloudWatch's free tier nothing; beyond it about $4 a month.",
    )
    alarm_email: str | None = setting(
        None,
        optional(text(r"[^\s@,]{1,64}@[^\s@,]{1,190}\.[^\s@,]{2,}", "an e-mail address")),
        "Who is told of alarms; AWS asks that address for its consent first.",
    )
    alarm_error_percent: int = setting(
        10, integer(1, 100), "Alarm when so many of a hundred requests fail for no fault of the caller."
    )
    alarm_first_token_ms: int = setting(
        10_000, integer(100, 600_000), "Alarm when a tenth of the answers take longer than this to begin."
    )
    price_input_tokens: float | None = setting(
        None, _PRICE, "What a million input tokens cost, for the dashboard's estimate."
    )
    price_output_tokens: float | None = setting(None, _PRICE, "What a million output tokens cost.")
    domain_name: str | None = setting(
        None,
        optional(text(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", "a domain name in lower case")),
        "A name of your own for the page. Nothing: CloudFront's.",
    )
    certificate_arn: str | None = setting(
        None,
        optional(text(r"arn:aws:acm:us-east-1:\d{12}:certificate/[\w-]+", "an ACM certificate's ARN in us-east-1")),
        "That name's certificate; CloudFront takes them from us-east-1 only.",
    )
    hosted_zone_id: str | None = setting(
        None,
        optional(text(r"Z[A-Z0-9]{1,31}", "a Route 53 hosted zone's id")),
        "That name's zone, to point it at the page. Nothing: you do that, where your DNS is.",
    )
    access_logs: bool = setting(
        False,  # noqa: FBT003  # the default
        switch(),
        "CloudFront's access logs, with visitors' addresses, in a bucket, for `log_retention_days`.",
    )
    allowed_countries: tuple[str, ...] = setting(
        (),
        listing(_COUNTRY, "two-letter country codes such as `DE`; may be empty", at_least=0, at_most=250),
        "Countries whose visitors get in. Nothing: all.",
    )
    price_class: str = setting(
        "PriceClass_All",
        choice("PriceClass_100", "PriceClass_200", "PriceClass_All"),
        "Which of CloudFront's edge locations serve the page.",
    )
    tags: tuple[str, ...] = setting(
        (),
        listing(_TAG, "up to 40 pairs such as `team=support`; may be empty", at_least=0, at_most=40),
        "Tags of every resource, beside `project` and `stage`.",
    )
    termination_protection: bool = setting(
        False,  # noqa: FBT003  # the default
        switch(),
        "Whether CloudFormation refuses to delete the stack.",
    )
    retain: bool = setting(
        False,  # noqa: FBT003  # the default
        switch(),
        "Whether the user pool and the table with API keys and counters stay when the stack is destroyed. "
        "A new deployment makes new ones beside them.",
    )
