"""Who may sign in: a Cognito user pool of this deployment's own, or an OpenID Connect issuer that exists already."""

from dataclasses import dataclass

from aws_cdk import Annotations, Stack
from constructs import Construct

from contracts import page_config
from stacks.people import People
from stacks.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What the function and the page have to know.

    Attributes:
        issuer: Whose access tokens count, if people sign in.
        scope: What those must have been granted; empty: the settings say what else they must have.
        origins: Other origins that the page talks to when somebody signs in.
        pool: The people, where there is a user pool.
    """

    issuer: str | None = None
    scope: str = ""
    origins: tuple[str, ...] = ()
    pool: People | None = None


def sign_in(scope: Construct, settings: Settings) -> SignIn:
    """Make what the setting `sign_in` asks for."""
    if settings.sign_in == "cognito":
        people = People(scope, "People", settings=settings)
        return SignIn(issuer=people.issuer, scope=people.scope, origins=people.origins, pool=people)
    if settings.sign_in == "oidc":
        issuer_origin = "/".join(str(settings.sign_in_issuer).split("/")[:3])
        origins = tuple(dict.fromkeys((issuer_origin, *settings.sign_in_origins)))
        return SignIn(issuer=settings.sign_in_issuer, origins=origins)
    if not settings.api_keys:
        Annotations.of(Stack.of(scope)).add_warning_v2(
            "lambda-stream-chat:open",
            "sign_in is none: whoever knows the address can use the model at your cost.",
        )
    return SignIn()


def page_sign_in(settings: Settings, found: SignIn, page_url: str) -> page_config.SignIn:
    """Return `signIn` of the page's config.json."""
    if found.pool is not None:
        return found.pool.add_page(page_url)
    if settings.sign_in == "none":
        # With API keys the function lets nobody else in; without, everybody.
        return {"type": "keys" if settings.api_keys else "none"}
    page: page_config.OidcSignIn = {
        "type": "oidc",
        "issuer": str(settings.sign_in_issuer),
        "clientId": str(settings.sign_in_client_id),
        "scopes": settings.sign_in_scopes,
    }
    if settings.sign_in_audience is not None:  # some issuers, Auth0 for one, make tokens for an API only if it is named
        page["audience"] = settings.sign_in_audience
    return page
