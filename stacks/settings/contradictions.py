"""Settings that are fine one by one, and not together."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stacks.settings.settings import Settings

_FOR_OIDC_ALONE = ("sign_in_issuer", "sign_in_client_id", "sign_in_audience", "sign_in_origins")


def contradictions(settings: "Settings") -> list[str]:
    """Return what is wrong, a line each that begins with a key."""
    return [*_temperatures(settings), *_sign_in(settings), *_limits(settings), *_operation(settings)]


def _temperatures(settings: "Settings") -> list[str]:
    if settings.min_temperature <= settings.max_temperature:
        return []
    return [f"min_temperature: got {settings.min_temperature:g}; accepted: at most max_temperature"]


def _sign_in(settings: "Settings") -> list[str]:
    problems = []
    if settings.sign_in == "oidc":
        needed = {"sign_in_issuer": settings.sign_in_issuer, "sign_in_client_id": settings.sign_in_client_id}
        problems += [f"{key}: nothing; sign_in `oidc` needs it" for key, value in needed.items() if value is None]
    else:
        problems += [
            f"{key}: got {value!r}; accepted: nothing, as sign_in is `{settings.sign_in}`"
            for key in _FOR_OIDC_ALONE
            if (value := getattr(settings, key))
        ]
    if settings.sign_in == "none" and settings.sign_in_required_claim is not None:
        problems.append("sign_in_required_claim: accepted: nothing, as sign_in is `none`")
    if settings.sign_in != "cognito":
        problems += [
            f"{key}: accepted: nothing, as sign_in is `{settings.sign_in}`"
            for key in ("sign_in_email_domains", "email_from")
            if getattr(settings, key)
        ]
    return problems


def _limits(settings: "Settings") -> list[str]:
    limits = {
        "daily_tokens_per_person": settings.daily_tokens_per_person,
        "daily_tokens_total": settings.daily_tokens_total,
    }
    return [
        f"{key}: got {tokens:,}; accepted: more than max_output_tokens, or no request fits"
        for key, tokens in limits.items()
        if tokens is not None and tokens <= settings.max_output_tokens
    ]


def _operation(settings: "Settings") -> list[str]:
    problems = []
    if (settings.domain_name is None) != (settings.certificate_arn is None):
        problems.append("domain_name, certificate_arn: accepted: both or neither")
    if settings.hosted_zone_id is not None and settings.domain_name is None:
        problems.append("hosted_zone_id: accepted: nothing, as there is no domain_name")
    if settings.alarm_email is not None and settings.monitoring == "off":
        problems.append("alarm_email: accepted: nothing, as monitoring is `off`")
    return problems
