"""Settings of running it like a service: address, logs, alarms, costs."""

import dataclasses
from typing import Annotated

from stacks.settings.kinds import choice, integer, listing, number, one_of_integers, optional, text

# What CloudWatch Logs accepts, up to ten years, less a few that nobody misses.
_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653)

_COUNTRY = text(r"[A-Z]{2}", "a country")
_TAG = text(r"(?!aws:)[\w.:/+@ -]{1,128}=[\w.:/+@ -]{0,256}", "a tag")
_PRICE = optional(number(0, 10_000))


@dataclasses.dataclass(frozen=True, kw_only=True)
class OperationSettings:
    """How the deployment is reached, watched and paid for."""

    log_level: Annotated[str, choice("DEBUG", "INFO", "WARNING", "ERROR"), "What the function logs from."] = "INFO"
    log_retention_days: Annotated[int, one_of_integers(*_RETENTION_DAYS), "Days that logs are kept."] = 30
    tracing: Annotated[
        str, choice("on", "off"), "Whether X-Ray samples the function's requests. Costs by trace; nothing when idle."
    ] = "off"
    monitoring: Annotated[
        str,
        choice("on", "off"),
        "A CloudWatch dashboard and alarms. Within CloudWatch's free tier nothing; beyond it about $4 a month.",
    ] = "on"
    alarm_email: Annotated[
        str | None,
        optional(text(r"[^\s@,]{1,64}@[^\s@,]{1,190}\.[^\s@,]{2,}", "an e-mail address")),
        "Who is told of alarms; AWS asks that address for its consent first.",
    ] = None
    alarm_error_percent: Annotated[
        int, integer(1, 100), "Alarm when so many of a hundred requests fail for no fault of the caller."
    ] = 10
    alarm_first_token_ms: Annotated[
        int, integer(100, 600_000), "Alarm when a tenth of the answers take longer than this to begin."
    ] = 10_000
    price_input_tokens: Annotated[
        float | None, _PRICE, "What a million input tokens cost, for the dashboard's estimate."
    ] = None
    price_output_tokens: Annotated[float | None, _PRICE, "What a million output tokens cost."] = None
    domain_name: Annotated[
        str | None,
        optional(text(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", "a domain name in lower case")),
        "A name of your own for the page. Nothing: CloudFront's.",
    ] = None
    certificate_arn: Annotated[
        str | None,
        optional(text(r"arn:aws:acm:us-east-1:\d{12}:certificate/[\w-]+", "an ACM certificate's ARN in us-east-1")),
        "That name's certificate; CloudFront takes them from us-east-1 only.",
    ] = None
    hosted_zone_id: Annotated[
        str | None,
        optional(text(r"Z[A-Z0-9]{1,31}", "a Route 53 hosted zone's id")),
        "That name's zone, to point it at the page. Nothing: you do that, where your DNS is.",
    ] = None
    access_logs: Annotated[
        str,
        choice("on", "off"),
        "CloudFront's access logs, with visitors' addresses, in a bucket, for `log_retention_days`.",
    ] = "off"
    allowed_countries: Annotated[
        tuple[str, ...],
        listing(_COUNTRY, "two-letter country codes such as `DE`; may be empty", at_least=0, at_most=250),
        "Countries whose visitors get in. Nothing: all.",
    ] = ()
    price_class: Annotated[
        str,
        choice("PriceClass_100", "PriceClass_200", "PriceClass_All"),
        "Which of CloudFront's edge locations serve the page.",
    ] = "PriceClass_All"
    tags: Annotated[
        tuple[str, ...],
        listing(_TAG, "up to 40 pairs such as `team=support`; may be empty", at_least=0, at_most=40),
        "Tags of every resource, beside `project` and `stage`.",
    ] = ()
    termination_protection: Annotated[
        str, choice("on", "off"), "Whether CloudFormation refuses to delete the stack."
    ] = "off"
