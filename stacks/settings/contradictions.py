"""What a deployment must not be given, beyond what `chat.settings.Settings.contradictions` says of the function."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stacks.settings.context import Settings

_FOR_OIDC_ALONE = ("sign_in_issuer", "sign_in_client_id", "sign_in_audience", "sign_in_origins")
_ON_THIS_MACHINE = ("http://localhost", "http://127.0.0.1", "http://[::1]")
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
_RESERVED = ("aws", "amazon", "cognito")
_LEAST_SILENCE_SECONDS = 5


def contradictions(settings: "Settings") -> list[str]:
    """Return what is wrong, a line each that begins with a key."""
    return [*_model(settings), *_sign_in(settings), *_operation(settings)]


def _model(settings: "Settings") -> list[str]:
    problems = []
    url = settings.upstream_base_url
    if not url.startswith(("https://", *_ON_THIS_MACHINE)):
        problems.append(f"upstream_base_url: got {url!r}; accepted: https://, as the API key travels there")
    if settings.silence_seconds < _LEAST_SILENCE_SECONDS:
        problems.append(
            f"silence_seconds: got {settings.silence_seconds:g}; accepted: at least {_LEAST_SILENCE_SECONDS}"
        )
    if settings.silence_seconds >= settings.timeout_seconds:
        problems.append(
            f"silence_seconds: got {settings.silence_seconds:g}; accepted: less than timeout_seconds, "
            f"which is {settings.timeout_seconds}"
        )
    return problems


def _sign_in(settings: "Settings") -> list[str]:
    problems = []
    if settings.sign_in == "oidc":
        needed = {"sign_in_issuer": settings.sign_in_issuer, "sign_in_client_id": settings.sign_in_client_id}
        problems += [f"{key}: nothing; sign_in `oidc` needs it" for key, value in needed.items() if value is None]
    elif settings.sign_in == "cognito":
        problems += [
            f"{key}: got {value!r}; accepted: nothing, as sign_in is `cognito`"
            for key in _FOR_OIDC_ALONE
            if (value := getattr(settings, key))
        ]
    if settings.sign_in == "cognito" and (word := next((word for word in _RESERVED if word in settings.stage), None)):
        problems.append(f"stage: got {settings.stage!r}; accepted: without `{word}`, which Cognito refuses")
    if settings.sign_in == "none" and settings.sign_in_origins:
        problems.append("sign_in_origins: accepted: nothing, as sign_in is `none`")
    if settings.sign_in != "cognito":
        problems += [
            f"{key}: accepted: nothing, as sign_in is `{settings.sign_in}`"
            for key in ("sign_in_email_domains", "email_from")
            if getattr(settings, key)
        ]
    return problems


def _operation(settings: "Settings") -> list[str]:
    problems = []
    if (settings.domain_name is None) != (settings.certificate_arn is None):
        problems.append("domain_name, certificate_arn: accepted: both or neither")
    if settings.hosted_zone_id is not None and settings.domain_name is None:
        problems.append("hosted_zone_id: accepted: nothing, as there is no domain_name")
    if settings.firewall_rate is not None and settings.web_acl_arn is not None:
        problems.append("firewall_rate, web_acl_arn: accepted: one of them")
    if settings.alarm_email is not None and not settings.monitoring:
        problems.append("alarm_email: accepted: nothing, as monitoring is `false`")
    return problems
