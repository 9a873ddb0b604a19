import pytest

from chat.auth.settings import AuthSettings
from chat.environment import Environment, SettingsError

OIDC = {"SIGN_IN": "oidc", "OIDC_ISSUER": "https://issuer.example.com/", "OIDC_CLIENT_ID": "page"}


def read(variables: dict[str, str]) -> AuthSettings:
    return AuthSettings.from_environment(Environment(variables))


def test_nobody_signs_in_unless_it_is_asked_for() -> None:
    assert read({}) == read({"SIGN_IN": "none"}) == AuthSettings()


def test_every_variable_is_read() -> None:
    settings = read(
        OIDC
        | {
            "OIDC_AUDIENCE": "api",
            "OIDC_SCOPE": "chat/use",
            "OIDC_REQUIRED_CLAIM": "cognito:groups=chat",
            "API_KEYS": "on",
            "SUBJECT_SALT": "salt",
        }
    )

    assert settings == AuthSettings(
        issuer="https://issuer.example.com/",  # compared with `iss` exactly: its slash stays
        client_id="page",
        audience="api",
        scope="chat/use",
        required_claim=("cognito:groups", "chat"),
        api_keys=True,
        subject_salt="salt",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGN_IN", "cognito"),
        ("OIDC_ISSUER", ""),
        ("OIDC_ISSUER", "http://issuer.example.com"),
        ("OIDC_ISSUER", "http://127.0.0.1.example.com"),
        ("OIDC_ISSUER", "https://user:password@issuer.example.com"),
        ("OIDC_ISSUER", "https://issuer.example.com?tenant=1"),
        ("OIDC_ISSUER", "https://issuer.example.com:port"),
        ("OIDC_CLIENT_ID", " "),  # nor a scope or an audience instead
        ("OIDC_REQUIRED_CLAIM", "chat"),
        ("OIDC_REQUIRED_CLAIM", "groups="),
        ("API_KEYS", "yes"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(OIDC | {name: value})


def test_an_issuer_without_sign_in_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="OIDC_ISSUER"):
        read({"OIDC_ISSUER": "https://issuer.example.com"})


@pytest.mark.parametrize("issuer", ["http://localhost:4000", "http://127.0.0.1:4000", "http://[::1]:4000"])
def test_an_issuer_on_this_machine_needs_no_tls(issuer: str) -> None:
    assert read(OIDC | {"OIDC_ISSUER": issuer}).issuer == issuer
