"""The page's config.json: written by the stack and the local server, read by the page.

web/src/core/page-config.ts, the same as a TypeScript type, is made from this by `make settings`.
"""

from typing import Any, Literal, NotRequired, TypedDict

from chat.declaration import declarations


class OidcSignIn(TypedDict):
    """People of an OpenID Connect issuer, Cognito's or another. `scopes` are separated by spaces."""

    type: Literal["oidc"]
    issuer: str
    clientId: str
    scopes: str
    audience: NotRequired[str]


class OpenSignIn(TypedDict):
    """`none`: whoever knows the address is let in. `keys`: programs with an API key are, and nobody else."""

    type: Literal["none", "keys"]


SignIn = OidcSignIn | OpenSignIn


class Fixed(TypedDict):
    """The deployment, as far as the page must know it. `demo`: a small demonstration model answers."""

    apiBase: str
    demo: bool
    signIn: SignIn


def page_config(settings: object, sign_in: SignIn, *, demo: bool = False) -> dict[str, Any]:
    """Return config.json.

    Args:
        settings: An instance of a class of settings: those declared with `page` are told.
        sign_in: How people sign in.
        demo: Whether a small demonstration model answers.
    """
    fixed: Fixed = {"apiBase": "/api/v1", "demo": demo, "signIn": sign_in}
    return {**fixed, **{camel_case(name): getattr(settings, name) for name in told(settings)}}


def told(settings: Any) -> list[str]:  # noqa: ANN401  # a dataclass or one of its instances
    """Return the names of the settings that the page is told."""
    return [name for name, declaration in declarations(settings).items() if declaration.page]


def camel_case(name: str) -> str:
    """Return a setting's name as TypeScript has it."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
