import time
from collections.abc import Callable
from typing import Any

import pytest

from chat.auth.errors import ExpiredTokenError, InvalidTokenError, NotInvitedError
from chat.auth.signing_keys import SigningKeys
from chat.auth.tokens import TokenVerifier
from chat.settings import Settings
from tests.support.issuer import CLIENT_ID, Issuer, SigningKey, rsa_key


def now() -> int:
    return int(time.time())


Forge = Callable[[Issuer], str]


def verifier(issuer: Issuer, **changed: object) -> TokenVerifier:
    given = {"sign_in_issuer": issuer.url, "sign_in_client_id": CLIENT_ID, **changed}
    settings = Settings(**given)  # type: ignore[arg-type]  # by name
    return TokenVerifier(settings, SigningKeys(issuer.url))


def impostor(like: SigningKey) -> SigningKey:
    return rsa_key(like.key_id)


FORGED: dict[str, Forge] = {
    "alg none": lambda issuer: issuer.unsigned(),
    "alg none in capitals": lambda issuer: issuer.unsigned("NONE"),
    "alg RS256 without a signature": lambda issuer: issuer.unsigned("RS256"),
    "HS256 with the public key": lambda issuer: issuer.signed_with_the_public_key(),
    "signed by another key": lambda issuer: issuer.token(key=impostor(issuer.keys[0])),
    "signed by the other key type": lambda issuer: issuer.token(key=issuer.keys[1], key_id="first"),
    "wrong key id": lambda issuer: issuer.token(key_id="nobody's"),
    "no key id": lambda issuer: issuer.token(key_id=""),
    "other issuer": lambda issuer: issuer.token(iss="https://issuer.example.com"),
    "issuer with a slash more": lambda issuer: issuer.token(iss=issuer.url + "/"),
    "no issuer": lambda issuer: issuer.token(iss=None),
    "other client": lambda issuer: issuer.token(client_id="another-page"),
    "other audience": lambda issuer: issuer.token(client_id=None, aud="another-page"),
    "no audience at all": lambda issuer: issuer.token(client_id=None),
    "audience that is no text": lambda issuer: issuer.token(client_id=[CLIENT_ID], aud={CLIENT_ID: 1}),
    "not yet valid": lambda issuer: issuer.token(nbf=now() + 300),
    "issued in the future": lambda issuer: issuer.token(iat=now() + 300),
    "without an end": lambda issuer: issuer.token(exp=None),
    "without a subject": lambda issuer: issuer.token(sub=None),
    "with an empty subject": lambda issuer: issuer.token(sub=""),
    "id token of Cognito": lambda issuer: issuer.token(token_use="id", aud=CLIENT_ID),
    "id token of Keycloak": lambda issuer: issuer.token(token_use=None, typ="ID", aud=CLIENT_ID),
    "id token of any issuer": lambda issuer: issuer.token(token_use=None, aud=CLIENT_ID, nonce="n"),
    "truncated": lambda issuer: issuer.token()[:-10],
    "without its signature": lambda issuer: issuer.token().rsplit(".", 1)[0],
    "with another payload": lambda issuer: _swap_payload(issuer.token(), issuer.token(sub="another")),
    "critical header": lambda issuer: issuer.unsigned("RS256", crit=["b64"], b64=False),
    "key in its own header": lambda issuer: issuer.unsigned("RS256", jwk=issuer.keys[0].public),
    "algorithm that is a list": lambda issuer: issuer.unsigned(["RS256"]),  # type: ignore[arg-type]  # the point
    "not a token": lambda _issuer: "lorem.ipsum.dolor",
    "empty parts": lambda _issuer: "..",
}


def _swap_payload(token: str, other: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{other.split('.')[1]}.{signature}"


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_invalid(issuer: Issuer, forge: Forge) -> None:
    with pytest.raises(InvalidTokenError):
        verifier(issuer).verify(forge(issuer))


@pytest.mark.parametrize("position", [0, 1])
def test_both_algorithms_are_accepted(issuer: Issuer, position: int) -> None:
    assert verifier(issuer).verify(issuer.token(key=issuer.keys[position])) == "7f3c0f6e-person"


@pytest.mark.parametrize(
    "claims",
    [
        {"client_id": None, "aud": CLIENT_ID},
        {"client_id": None, "aud": ["account", CLIENT_ID]},
        {"client_id": None, "aud": "account", "azp": CLIENT_ID},
        {"token_use": None, "typ": "Bearer"},
    ],
)
def test_other_issuers_ways_to_name_the_client_are_accepted(issuer: Issuer, claims: dict[str, Any]) -> None:
    assert verifier(issuer).verify(issuer.token(**claims))


def test_an_expired_token_is_told_from_a_forged_one(issuer: Issuer) -> None:
    with pytest.raises(ExpiredTokenError) as raised:
        verifier(issuer).verify(issuer.token(exp=now() - 60))

    assert raised.value.code == "token_expired"


def test_clocks_may_differ_a_little(issuer: Issuer) -> None:
    assert verifier(issuer).verify(issuer.token(exp=now() - 10, nbf=now() + 10, iat=now() + 10))


def test_a_required_audience_refuses_tokens_for_other_apis(issuer: Issuer) -> None:
    strict = verifier(issuer, sign_in_audience="https://chat.example.com")

    assert strict.verify(issuer.token(aud=["https://chat.example.com"]))
    with pytest.raises(InvalidTokenError):
        strict.verify(issuer.token(aud=[CLIENT_ID]))


@pytest.mark.parametrize(
    "claims", [{"cognito:groups": ["staff", "chat"]}, {"cognito:groups": "chat"}], ids=["in a list", "alone"]
)
def test_a_required_claim_lets_in_who_has_it(issuer: Issuer, claims: dict[str, Any]) -> None:
    assert verifier(issuer, sign_in_required_claim="cognito:groups=chat").verify(issuer.token(**claims))


@pytest.mark.parametrize("groups", [None, [], ["chatter"], "chat staff", {"chat": True}, 1])
def test_a_required_claim_keeps_out_who_has_not(issuer: Issuer, groups: object) -> None:
    claims: dict[str, Any] = {"cognito:groups": groups}

    with pytest.raises(NotInvitedError):
        verifier(issuer, sign_in_required_claim="cognito:groups=chat").verify(issuer.token(**claims))


def test_a_scope_is_one_word_among_others(issuer: Issuer) -> None:
    strict = verifier(issuer, sign_in_client_id=None, sign_in_scope="chat/use")

    assert strict.verify(issuer.token(scope="openid chat/use"))
    for scope in (None, "", "openid chat/user", "chat"):
        with pytest.raises(InvalidTokenError):
            strict.verify(issuer.token(scope=scope))
