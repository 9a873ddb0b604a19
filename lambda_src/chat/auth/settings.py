"""Who may use this deployment, as its environment variables say."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from chat.environment import Environment, SettingsError, switch, text

_OIDC = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_AUDIENCE", "OIDC_SCOPE", "OIDC_REQUIRED_CLAIM")

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class AuthSettings:
    """How callers prove who they are.

    Attributes:
        issuer: The OpenID Connect issuer whose access tokens count, exactly as it writes itself in `iss`; empty if
            nobody signs in.
        client_id: If set, the application that the tokens must have been issued to.
        audience: If set, the API that the tokens must have been issued for.
        scope: If set, the scope that the tokens must have been granted.
        required_claim: A claim's name and the value that it must be, or have among its values.
        api_keys: Whether API keys of this deployment count.
        subject_salt: Makes the hashes of subjects differ from other deployments'.
    """

    issuer: str = ""
    client_id: str = ""
    audience: str = ""
    scope: str = ""
    required_claim: tuple[str, str] | None = None
    api_keys: bool = False
    subject_salt: str = ""

    @classmethod
    def from_environment(cls, variables: Environment) -> "AuthSettings":
        """Read `SIGN_IN`, `OIDC_…`, `API_KEYS` and `SUBJECT_SALT`.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        read = variables.read
        api_keys = read("API_KEYS", switch, cls.api_keys)
        subject_salt = read("SUBJECT_SALT", text, cls.subject_salt)
        if not read("SIGN_IN", _is_oidc, False):  # noqa: FBT003  # the default
            for name in _OIDC:
                if read(name, text, ""):
                    raise SettingsError(f"{name} is set, but SIGN_IN is not oidc")
            return cls(api_keys=api_keys, subject_salt=subject_salt)
        claim = read("OIDC_REQUIRED_CLAIM", _claim, ("", ""))
        settings = cls(
            issuer=read("OIDC_ISSUER", _issuer),
            client_id=read("OIDC_CLIENT_ID", text, cls.client_id),
            audience=read("OIDC_AUDIENCE", text, cls.audience),
            scope=read("OIDC_SCOPE", text, cls.scope),
            required_claim=claim if claim[0] else None,
            api_keys=api_keys,
            subject_salt=subject_salt,
        )
        if not (settings.client_id or settings.audience or settings.scope):
            raise SettingsError("OIDC_CLIENT_ID, OIDC_AUDIENCE or OIDC_SCOPE must be set, or any token would do")
        return settings


def is_safe_url(value: str, *, loopback: bool) -> bool:
    """Whether an issuer may be asked at this URL: https, or http on this machine if `loopback` allows it."""
    try:
        parts = urlsplit(value)
        secure = parts.scheme == "https" or (loopback and parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS)
        return secure and bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        return False


def _is_oidc(value: str) -> bool:
    if value not in {"none", "oidc"}:
        raise ValueError("must be none or oidc")
    return value == "oidc"


def _issuer(value: str) -> str:
    if not is_safe_url(value, loopback=True) or urlsplit(value).query or urlsplit(value).fragment:
        raise ValueError("must be an https URL without a query")
    return value  # as it is: `iss` is compared exactly, with or without a slash at its end


def _claim(value: str) -> tuple[str, str]:
    name, equals, wanted = value.partition("=")
    if not (name.strip() and equals and wanted.strip()):
        raise ValueError("must be of the form name=value")
    return name.strip(), wanted.strip()
