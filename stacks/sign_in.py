"""Who may sign in: a Cognito user pool of this deployment's own, or an OpenID Connect issuer that exists already."""

from dataclasses import dataclass
from typing import Any

from aws_cdk import Annotations, Aws, Fn, Stack
from constructs import Construct

from stacks.people import People
from stacks.settings.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What the function and the page have to know.

    Attributes:
        variables: The function's environment variables about it.
        origins: Other origins that the page talks to when somebody signs in.
        pool: The people, where there is a user pool.
    """

    variables: dict[str, str]
    origins: tuple[str, ...] = ()
    pool: People | None = None


def sign_in(scope: Construct, settings: Settings) -> SignIn:
    """Make what the setting `sign_in` asks for."""
    # The stack's UUID: known to nobody who only reads the logs, so that no list of people can be tried against them.
    salt = {"SUBJECT_SALT": Fn.select(2, Fn.split("/", Aws.STACK_ID))}
    if settings.sign_in == "none":
        if settings.api_keys == "off":
            Annotations.of(Stack.of(scope)).add_warning_v2(
                "lambda-stream-chat:open",
                "sign_in is none: whoever knows the address can use the model at your cost.",
            )
        return SignIn(variables={**salt, "SIGN_IN": "none"})
    common = {**salt, "SIGN_IN": "oidc"}
    if settings.sign_in_required_claim is not None:
        common["OIDC_REQUIRED_CLAIM"] = settings.sign_in_required_claim
    if settings.sign_in == "cognito":
        people = People(scope, "People", settings=settings)
        variables = {**common, "OIDC_ISSUER": people.issuer, "OIDC_SCOPE": people.scope}
        return SignIn(variables=variables, origins=people.origins, pool=people)
    variables = {
        **common,
        "OIDC_ISSUER": str(settings.sign_in_issuer),
        "OIDC_CLIENT_ID": str(settings.sign_in_client_id),
    }
    if settings.sign_in_audience is not None:
        variables["OIDC_AUDIENCE"] = settings.sign_in_audience
    issuer_origin = "/".join(str(settings.sign_in_issuer).split("/")[:3])
    return SignIn(variables=variables, origins=tuple(dict.fromkeys((issuer_origin, *settings.sign_in_origins))))


def page_sign_in(settings: Settings, found: SignIn, page_url: str) -> dict[str, Any]:
    """Return `signIn` of the page's config.json."""
    if found.pool is not None:
        return found.pool.add_page(page_url)
    if settings.sign_in == "none":
        # With API keys the function lets nobody else in; without, everybody.
        return {"type": "none" if settings.api_keys == "off" else "keys"}
    page = {
        "type": "oidc",
        "issuer": settings.sign_in_issuer,
        "clientId": settings.sign_in_client_id,
        "scopes": settings.sign_in_scopes,
    }
    # Some issuers, Auth0 for one, make tokens for an API only if it is named.
    return page | ({"audience": settings.sign_in_audience} if settings.sign_in_audience else {})
