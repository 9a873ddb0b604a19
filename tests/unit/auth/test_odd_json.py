"""Whatever JSON a token or an issuer's documents hold: the answer is yes, 401, 403 or 503, never a defect."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.auth.errors import AuthenticationError, InvalidTokenError, NotInvitedError, SignInUnavailableError
from chat.auth.guard import Guard
from chat.auth.signing_keys import SigningKeys
from chat.auth.tokens import TokenVerifier
from chat.settings import Settings
from tests.support.issuer import CLIENT_ID, Issuer

# Of a JSON text everything can come: halves of surrogate pairs, NaN, numbers beyond any clock.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
HEADER = ("alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "zip")
CLAIMS = (
    *("iss", "sub", "aud", "azp", "client_id", "exp", "iat", "nbf", "jti"),
    *("scope", "scp", "typ", "token_use", "nonce", "events", "groups"),
)
KEY = ("kid", "kty", "use", "alg", "crv", "n", "e", "x", "y", "d", "p", "q", "dp", "dq", "qi", "oth", "k", "key_ops")

some = settings(
    max_examples=200, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def changes(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names) | TEXTS, JSON, max_size=3)


def guard(issuer: Issuer) -> Guard:
    known = Settings(
        sign_in="oidc",
        sign_in_issuer=issuer.url,
        sign_in_client_id=CLIENT_ID,
        sign_in_required_claim="groups=chat",
        subject_salt="salt",
    )
    return Guard(known, TokenVerifier(known, SigningKeys(issuer.url)))


def claims(issuer: Issuer, **changed: object) -> dict[str, object]:
    return issuer.claims(groups=["chat"], **changed)


def ask(asked: Guard, token: str) -> None:
    with suppress(AuthenticationError, NotInvitedError, SignInUnavailableError):
        assert asked.identify({"authorization": f"Bearer {token}"})


@some
@given(changed=changes(CLAIMS))
def test_any_claims(issuer: Issuer, changed: dict[str, Any]) -> None:
    ask(guard(issuer), issuer.signed({"alg": "RS256", "kid": "first"}, {**claims(issuer), **changed}))


@some
@given(payload=JSON)
def test_any_payload(issuer: Issuer, payload: object) -> None:
    ask(guard(issuer), issuer.signed({"alg": "RS256", "kid": "first"}, payload))


@some
@given(header=changes(HEADER) | JSON)
def test_any_header(issuer: Issuer, header: object) -> None:
    asked = {"alg": "RS256", "kid": "first", **header} if isinstance(header, dict) else header
    ask(guard(issuer), issuer.signed(asked, claims(issuer)))


@some
@given(changed=changes(KEY), position=st.sampled_from([0, 1]))
def test_any_key(issuer: Issuer, changed: dict[str, Any], position: int) -> None:
    issuer.documents["/keys"] = {"keys": [{**issuer.keys[position].public, **changed}]}

    ask(guard(issuer), issuer.token(key=issuer.keys[position]))


@some
@given(document=JSON | st.fixed_dictionaries({"keys": st.lists(JSON | changes(KEY), max_size=3)}))
def test_any_set_of_keys(issuer: Issuer, document: object) -> None:
    issuer.documents["/keys"] = json.dumps(document).encode()

    ask(guard(issuer), issuer.token())


@some
@given(changed=changes(("issuer", "jwks_uri")) | JSON)
def test_any_discovery_document(issuer: Issuer, changed: object) -> None:
    if isinstance(changed, dict):
        changed = {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys", **changed}
    issuer.documents["/.well-known/openid-configuration"] = json.dumps(changed).encode()

    ask(guard(issuer), issuer.token())


@pytest.mark.parametrize("sub", ["\ud800", "a\udfff", "", 7, ["somebody"], {"sub": "somebody"}, True, None])
def test_a_subject_that_is_no_text_is_nobody(issuer: Issuer, sub: object) -> None:
    payload = {**claims(issuer), "sub": sub}

    with pytest.raises(InvalidTokenError):
        guard(issuer).identify({"authorization": f"Bearer {issuer.signed({'alg': 'RS256', 'kid': 'first'}, payload)}"})


@pytest.mark.parametrize(
    "changed", [{"exp": 1e999}, {"nbf": 1e999}, {"exp": [1]}, {"exp": "soon"}, {"iss": ["a"]}, {"exp": float("nan")}]
)
def test_a_time_that_is_none_is_not_believed(issuer: Issuer, changed: dict[str, Any]) -> None:
    token = issuer.signed({"alg": "RS256", "kid": "first"}, {**claims(issuer), **changed})

    with pytest.raises(InvalidTokenError):
        guard(issuer).identify({"authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    "changed",
    [{"alg": ["RS256"]}, {"alg": {"a": 1}}, {"kty": ["RSA"]}, {"n": 5}, {"e": None}, {"use": ["sig"]}, {"d": "AQAB"}],
)
def test_an_odd_key_is_skipped_and_the_next_one_used(issuer: Issuer, changed: dict[str, Any]) -> None:
    good = issuer.keys[0].public
    issuer.documents["/keys"] = {"keys": [{**good, "kid": "odd", **changed}, good]}

    assert guard(issuer).identify({"authorization": f"Bearer {issuer.token(groups=['chat'])}"})
    assert SigningKeys(issuer.url).find("odd") is None
