"""Which of an issuer's tokens are access tokens, where only the client is known. Shapes: from issuers' documents."""

import time
from typing import Any

import pytest

from chat.auth.errors import InvalidTokenError
from chat.auth.signing_keys import SigningKeys
from chat.auth.tokens import TokenVerifier
from chat.settings import Settings
from tests.support.issuer import CLIENT_ID, Issuer

Claims = dict[str, Any]

API = "https://api.example.com"
LOGOUT: Claims = {"http://schemas.openid.net/event/backchannel-logout": {}}
PERSON = {"email": "somebody@example.com", "email_verified": True, "name": "Some Body"}

# Header, claims without those that all have.
ACCESS_TOKENS: dict[str, tuple[Claims, Claims]] = {
    "Cognito": (
        {},
        {
            "token_use": "access",
            "client_id": CLIENT_ID,
            "scope": "openid chat/use",
            "auth_time": 1,
            "origin_jti": "o",
            "event_id": "e",
            "version": 2,
            "jti": "j",
            "username": "somebody",
        },
    ),
    "Keycloak": (
        {"typ": "JWT"},
        {
            "typ": "Bearer",
            "azp": CLIENT_ID,
            "aud": "account",
            "scope": "openid profile",
            "acr": "1",
            "sid": "s",
            "allowed-origins": ["https://chat.example.com"],
            "realm_access": {"roles": ["offline_access"]},
            "preferred_username": "somebody",
            **PERSON,
        },
    ),
    "Keycloak before 25": (
        {"typ": "JWT"},
        {"typ": "Bearer", "azp": CLIENT_ID, "nonce": "n", "auth_time": 1, "session_state": "s", "scope": "openid"},
    ),
    "Keycloak with RFC 9068": (
        {"typ": "at+jwt"},
        {"typ": "Bearer", "azp": CLIENT_ID, "client_id": CLIENT_ID, "aud": "account", "scope": "openid"},
    ),
    "Auth0": (
        {"typ": "JWT"},
        {"aud": [API, "https://tenant.example.com/userinfo"], "azp": CLIENT_ID, "scope": "openid profile"},
    ),
    "Auth0 with RFC 9068": (
        {"typ": "at+jwt"},
        {"aud": API, "client_id": CLIENT_ID, "scope": "openid", "jti": "j"},
    ),
    "Entra": (
        {"typ": "JWT", "x5t": "thumbprint"},
        {
            "aud": "00000000-0000-0000-0000-00000000000a",
            "azp": CLIENT_ID,
            "azpacr": "0",
            "scp": "access_as_user",
            "oid": "o",
            "tid": "t",
            "rh": "r",
            "uti": "u",
            "ver": "2.0",
            "name": "Some Body",
            "preferred_username": "somebody@example.com",
        },
    ),
    "Entra, where the page is the API": (
        {"typ": "JWT"},
        {"aud": CLIENT_ID, "azp": CLIENT_ID, "scp": "chat", "ver": "2.0"},
    ),
    "node-oidc-provider": ({"typ": "at+jwt"}, {"aud": API, "client_id": CLIENT_ID, "scope": "chat/use", "jti": "j"}),
    "the media type in full": ({"typ": "application/AT+JWT"}, {"aud": CLIENT_ID}),
}

OTHER_TOKENS: dict[str, tuple[Claims, Claims]] = {
    "an ID token of Cognito": ({}, {"token_use": "id", "aud": CLIENT_ID, "cognito:username": "somebody", **PERSON}),
    "an ID token of Keycloak": (
        {"typ": "JWT"},
        {"typ": "ID", "azp": CLIENT_ID, "aud": CLIENT_ID, "acr": "1", "sid": "s", **PERSON},
    ),
    "an ID token of Auth0": ({"typ": "JWT"}, {"aud": CLIENT_ID, "nickname": "somebody", "sid": "s", **PERSON}),
    "an ID token of Entra": (
        {"typ": "JWT"},
        {"aud": CLIENT_ID, "oid": "o", "tid": "t", "rh": "r", "uti": "u", "ver": "2.0", "name": "Some Body"},
    ),
    "an ID token of Google": ({"typ": "JWT"}, {"aud": CLIENT_ID, "azp": CLIENT_ID, "hd": "example.com", **PERSON}),
    "an ID token with a nonce": ({}, {"aud": CLIENT_ID, "nonce": "n", "client_id": CLIENT_ID}),
    "an ID token with an access token's hash": ({}, {"aud": CLIENT_ID, "at_hash": "h", "scope": "openid"}),
    "an ID token with a code's hash": ({}, {"aud": CLIENT_ID, "c_hash": "h", "scope": "openid"}),
    "a logout token": ({"typ": "logout+jwt"}, {"aud": CLIENT_ID, "events": LOGOUT, "jti": "j", "sid": "s"}),
    "a logout token of another header": (
        {"typ": "JWT"},
        {"aud": CLIENT_ID, "events": LOGOUT, "jti": "j", "client_id": CLIENT_ID},
    ),
    "a logout token of another claim": ({"typ": "logout+jwt"}, {"aud": CLIENT_ID, "scope": "openid"}),
    "a logout token of Keycloak": ({"typ": "JWT"}, {"typ": "Logout", "aud": CLIENT_ID, "events": LOGOUT, "sid": "s"}),
    "a refresh token of Keycloak": ({"typ": "JWT"}, {"typ": "Refresh", "azp": CLIENT_ID, "scope": "openid"}),
    "a token bound to a key": ({"typ": "JWT"}, {"typ": "DPoP", "azp": CLIENT_ID, "scope": "openid"}),
    "an introspection answer": ({"typ": "token-introspection+jwt"}, {"aud": CLIENT_ID, "scope": "openid"}),
    "a security event": ({"typ": "secevent+jwt"}, {"aud": CLIENT_ID, "events": {}}),
    "a header type that is no text": ({"typ": ["at+jwt"]}, {"aud": CLIENT_ID, "scope": "openid"}),
    "a use that is no text": ({}, {"token_use": ["access"], "client_id": CLIENT_ID}),
}


def verify(issuer: Issuer, header: Claims, claims: Claims) -> str:
    now = int(time.time())
    common = {"iss": issuer.url, "sub": "somebody", "iat": now, "exp": now + 600}
    token = issuer.signed({"alg": "RS256", "kid": "first", **header}, common | claims)
    settings = Settings(sign_in="oidc", sign_in_issuer=issuer.url, sign_in_client_id=CLIENT_ID)
    return TokenVerifier(settings, SigningKeys(issuer.url)).verify(token)


@pytest.mark.parametrize(("header", "claims"), ACCESS_TOKENS.values(), ids=ACCESS_TOKENS.keys())
def test_an_access_token_is_accepted(issuer: Issuer, header: Claims, claims: Claims) -> None:
    assert verify(issuer, header, claims) == "somebody"


@pytest.mark.parametrize(("header", "claims"), OTHER_TOKENS.values(), ids=OTHER_TOKENS.keys())
def test_any_other_token_is_refused(issuer: Issuer, header: Claims, claims: Claims) -> None:
    with pytest.raises(InvalidTokenError) as refused:
        verify(issuer, header, claims)

    assert refused.value.reason == "not an access token"


@pytest.mark.parametrize("name", ["Auth0", "Entra", "node-oidc-provider"])
def test_an_access_token_of_another_client_is_refused(issuer: Issuer, name: str) -> None:
    header, claims = ACCESS_TOKENS[name]
    others = {key: "another" if value == CLIENT_ID else value for key, value in claims.items()}

    with pytest.raises(InvalidTokenError):
        verify(issuer, header, others)
