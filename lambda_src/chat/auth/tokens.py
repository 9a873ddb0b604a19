"""Access tokens of an OpenID Connect issuer, verified."""

import jwt

from chat.auth.errors import ExpiredTokenError, InvalidTokenError, NotInvitedError
from chat.auth.signing_keys import ALGORITHMS, SigningKeys
from chat.settings import Settings

_LEEWAY_SECONDS = 30

# What access tokens look like, by their issuers' documentation and RFC 9068:
#   RFC 9068, Auth0 (one profile), Duende, node-oidc-provider   header `typ: at+jwt`
#   Cognito                                                     `token_use: access`
#   Keycloak                                                    `typ: Bearer`
#   Auth0 (its own profile), Entra, Okta, Hydra                 none of these, but `scope` or `scp`
# An ID token tells the page who has signed in, a logout token that somebody has left: neither is made to be shown to an
# API, and either may name the client as an access token does.
_HEADER_TYPES = frozenset({"", "jwt", "at+jwt"})
_OF_ACCESS_TOKENS = frozenset({"scope", "scp", "client_id"})
_OF_ID_TOKENS = frozenset({"at_hash", "c_hash", "nonce"})
_OF_EVENTS = "events"  # RFC 8417; OpenID Connect Back-Channel Logout


class TokenVerifier:
    """Decides whether a token is one of the issuer's, for this deployment, and still good."""

    def __init__(self, settings: Settings, keys: SigningKeys) -> None:
        self._settings = settings
        self._keys = keys

    def prepare(self) -> None:
        """Fetch the issuer's keys, in the hope that they can be had."""
        self._keys.prepare()

    def verify(self, token: str) -> str:
        """Verify a token.

        Returns:
            Its subject.

        Raises:
            InvalidTokenError: It is not valid here, or no longer.
            NotInvitedError: It is, but lacks the required claim.
            SignInUnavailableError: The issuer's keys cannot be had.
        """
        try:
            header = jwt.get_unverified_header(token)
            claims = self._decode(token, header)
        except jwt.ExpiredSignatureError:
            raise ExpiredTokenError from None
        except (jwt.PyJWTError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
            raise InvalidTokenError(type(error).__name__) from None
        if not _is_access_token(header, claims):
            raise InvalidTokenError("not an access token")
        self._check_audience(claims)
        self._check_claim(claims)
        return _subject(claims)

    def _decode(self, token: str, header: dict[str, object]) -> dict[str, object]:
        algorithm, key_id = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or not isinstance(key_id, str):
            raise InvalidTokenError("algorithm or key id")  # before any key is looked for
        key = self._keys.find(key_id)
        if key is None:
            raise InvalidTokenError("unknown key")
        return jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=self._settings.sign_in_issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "sub"], "verify_aud": False},  # the audience: see below
        )

    def _check_audience(self, claims: dict[str, object]) -> None:
        # Cognito's access tokens have no `aud`, only `client_id`; others name the client in `azp`.
        wanted = self._settings
        audience = _values(claims.get("aud"))
        if wanted.sign_in_audience and wanted.sign_in_audience not in audience:
            raise InvalidTokenError("audience")
        if wanted.sign_in_client_id and wanted.sign_in_client_id not in [
            *audience,
            claims.get("client_id"),
            claims.get("azp"),
        ]:
            raise InvalidTokenError("client")
        if wanted.sign_in_scope and wanted.sign_in_scope not in _words(claims.get("scope")):
            raise InvalidTokenError("scope")

    def _check_claim(self, claims: dict[str, object]) -> None:
        if self._settings.sign_in_required_claim is None:
            return
        name, _, wanted = self._settings.sign_in_required_claim.partition("=")
        if wanted not in _values(claims.get(name)):
            raise NotInvitedError


def _is_access_token(header: dict[str, object], claims: dict[str, object]) -> bool:
    kind = str(header.get("typ", "")).lower().removeprefix("application/")
    if kind not in _HEADER_TYPES or _OF_EVENTS in claims:
        return False
    if claims.get("typ", "Bearer") != "Bearer" or claims.get("token_use", "access") != "access":
        return False
    if kind == "at+jwt" or "typ" in claims or "token_use" in claims:
        return True  # it says so; Keycloak before 25 had a nonce in access tokens as well
    return _OF_ID_TOKENS.isdisjoint(claims) and not _OF_ACCESS_TOKENS.isdisjoint(claims)


def _subject(claims: dict[str, object]) -> str:
    subject = claims["sub"]
    try:
        if isinstance(subject, str) and subject.encode():
            return subject
    except UnicodeEncodeError:  # half of a surrogate pair
        pass
    raise InvalidTokenError("no subject")


def _words(scope: object) -> list[str]:
    return scope.split() if isinstance(scope, str) else _values(scope)


def _values(claim: object) -> list[str]:
    values = claim if isinstance(claim, list) else [claim]
    return [value for value in values if isinstance(value, str)]
