import pytest

from chat.auth.errors import SignInUnavailableError
from chat.auth.signing_keys import SigningKeys
from tests.support.issuer import Issuer, ec_key, rsa_key

HOUR = 3600


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> SigningKeys:
    return SigningKeys(issuer.url, clock)


def fetches(issuer: Issuer) -> int:
    return issuer.requests.count("/keys")


def test_keys_are_fetched_once(issuer: Issuer, keys: SigningKeys) -> None:
    assert keys.find("first")
    assert keys.find("second")

    assert issuer.requests == ["/.well-known/openid-configuration", "/keys"]


def test_keys_are_fetched_again_after_an_hour(issuer: Issuer, keys: SigningKeys, clock: Clock) -> None:
    keys.find("first")
    issuer.keys = [rsa_key("third")]
    clock.now += HOUR

    assert keys.find("first") is None  # withdrawn by the issuer


def test_an_unknown_key_is_looked_for_at_most_once_a_minute(issuer: Issuer, keys: SigningKeys, clock: Clock) -> None:
    keys.find("first")
    for _ in range(60):
        clock.now += 3
        keys.find("nobody's")

    assert fetches(issuer) == 1 + 3


def test_a_rotated_key_is_found_within_a_minute(issuer: Issuer, keys: SigningKeys, clock: Clock) -> None:
    keys.find("first")
    issuer.keys.append(rsa_key("new"))

    assert keys.find("new") is None
    clock.now += 60
    assert keys.find("new")


def test_an_issuer_that_is_down_lets_nobody_in(issuer: Issuer, keys: SigningKeys, clock: Clock) -> None:
    issuer.status = 500
    for _ in range(3):
        with pytest.raises(SignInUnavailableError):
            keys.find("first")
    assert len(issuer.requests) == 1  # not every request waits for it

    issuer.status = 200
    clock.now += 5
    assert keys.find("first")


def test_keys_can_be_fetched_beforehand(issuer: Issuer, keys: SigningKeys) -> None:
    keys.prepare()
    issuer.status = 500

    assert keys.find("first")


def test_a_failure_beforehand_does_not_keep_the_first_request_out(issuer: Issuer, keys: SigningKeys) -> None:
    issuer.status = 500
    keys.prepare()
    issuer.status = 200

    assert keys.find("first")


def test_known_keys_outlive_a_short_failure_but_not_an_hour(issuer: Issuer, keys: SigningKeys, clock: Clock) -> None:
    keys.find("first")
    issuer.status = 500
    clock.now += 120

    with pytest.raises(SignInUnavailableError):
        keys.find("new")  # it may be genuine
    with pytest.raises(SignInUnavailableError):
        keys.find("new")
    assert keys.find("first")
    clock.now += HOUR
    with pytest.raises(SignInUnavailableError):
        keys.find("first")


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        b"[]",
        b"[" * 100_000,
        b" " * 300_000 + b"{}",
        {"issuer": "https://another.example.com", "jwks_uri": "https://another.example.com/keys"},
        {"issuer": None},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
def test_a_wrong_discovery_document_lets_nobody_in(issuer: Issuer, keys: SigningKeys, document: object) -> None:
    if isinstance(document, dict):
        document = {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"} | document
    issuer.documents["/.well-known/openid-configuration"] = document

    with pytest.raises(SignInUnavailableError):
        keys.find("first")
    assert fetches(issuer) == 0


@pytest.mark.parametrize("document", [b"", {}, {"keys": {}}, {"keys": None}])
def test_a_wrong_set_of_keys_lets_nobody_in(issuer: Issuer, keys: SigningKeys, document: object) -> None:
    issuer.documents["/keys"] = document

    with pytest.raises(SignInUnavailableError):
        keys.find("first")


def test_a_key_made_for_encryption_or_too_short_signs_nothing(issuer: Issuer, keys: SigningKeys) -> None:
    encrypting = {**ec_key("encrypting").public, "use": "enc"}
    issuer.documents["/keys"] = {"keys": [encrypting, rsa_key("weak", bits=1024).public, "no key", {"kty": "oct"}]}

    assert keys.find("encrypting") is None
    assert keys.find("weak") is None


def test_an_unreachable_issuer_lets_nobody_in() -> None:
    with pytest.raises(SignInUnavailableError):
        SigningKeys("http://127.0.0.1:1").find("first")
