"""Access tokens of an OpenID Connect issuer, verified."""

import jwt

from chat.auth.errors import ExpiredTokenError, InvalidTokenError, NotInvitedError
from chat.auth.signing_keys import ALGORITHMS, SigningKeys
from chat.settings import Settings

_LEEWAY_SECONDS = 30

# Only ID tokens have these. An ID token tells the page who has signed in; it is not made to be shown to an API.
_ID_TOKEN_CLAIMS = frozenset({"at_hash", "c_hash", "nonce"})


class TokenVerifier:
    """Decides whether a token is one of the issuer's, for this deployment, and still good.

    Args:
        settings: The issuer, the application and what else its tokens must have.
        keys: The issuer's.
    """

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
            claims = self._decode(token)
        except jwt.ExpiredSignatureError:
            raise ExpiredTokenError from None
        except jwt.PyJWTError as error:
            raise InvalidTokenError(type(error).__name__) from None
        self._check_kind(claims)
        self._check_audience(claims)
        self._check_claim(claims)
        if not (subject := str(claims["sub"])):
            raise InvalidTokenError("no subject")
        return subject

    def _decode(self, token: str) -> dict[str, object]:
        header = jwt.get_unverified_header(token)
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

    def _check_kind(self, claims: dict[str, object]) -> None:
        # Cognito says it in token_use, Keycloak in typ; from others an ID token is known by what only it has.
        is_access = claims.get("token_use", "access") == "access" and claims.get("typ") != "ID"
        if not is_access or not _ID_TOKEN_CLAIMS.isdisjoint(claims):
            raise InvalidTokenError("not an access token")

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


def _words(scope: object) -> list[str]:
    return scope.split() if isinstance(scope, str) else _values(scope)


def _values(claim: object) -> list[str]:
    values = claim if isinstance(claim, list) else [claim]
    return [value for value in values if isinstance(value, str)]
