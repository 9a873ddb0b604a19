"""Who is let in: tokens of a real issuer, API keys in a real table, and every forgery that is known."""

import base64
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from chat.auth.api_key_form import item_key, new_key
from tests.integration.conftest import Function
from tests.support.aws import TABLE, aws_server, dynamodb, table
from tests.support.issuer import CLIENT_ID, EMAIL, Issuer, rsa_key
from tests.support.secrets import secret

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef


def now() -> int:
    return int(time.time())


QUESTION = secret("What does Ms Winter earn?")
PRIVATE = ("7f3c0f6e-person", EMAIL, "Ms Winter")

Forge = Callable[[Issuer], str]


def bearer(token: str) -> dict[str, str]:
    return {"x-chat-authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with aws_server() as url, table(url):
        yield url


@pytest.fixture
def keys(aws: str) -> Iterator["DynamoDBClient"]:
    client = dynamodb(aws)
    yield client
    client.close()


@pytest.fixture(scope="module")
def guarded(start_function: Callable[..., Function], issuer: Issuer, aws: str) -> Iterator[Function]:
    with ExitStack() as stack:
        yield start_function(
            stack,
            SIGN_IN="oidc",
            SIGN_IN_ISSUER=issuer.url,
            SIGN_IN_CLIENT_ID=CLIENT_ID,
            SIGN_IN_REQUIRED_CLAIM="cognito:groups=chat",
            API_KEYS="on",
            TABLE_NAME=TABLE,
            AWS_ENDPOINT_URL_DYNAMODB=aws,
        )


@pytest.fixture
def function(guarded: Function, issuer: Issuer) -> Function:
    guarded.upstream.reset()
    issuer.status = 200
    return guarded


def good(issuer: Issuer, **claims: object) -> str:
    return issuer.token(**{"cognito:groups": ["chat"], **claims})  # type: ignore[arg-type]  # claims by name


def mint(keys: "DynamoDBClient", *, seconds: int = 600) -> str:
    key = secret(new_key())
    item: dict[str, UniversalAttributeValueTypeDef] = {
        "pk": {"S": item_key(key)},
        "owner": {"S": EMAIL},
        "valid_until": {"N": str(now() + seconds)},
    }
    keys.put_item(TableName=TABLE, Item=item)
    return key


@pytest.mark.parametrize("header", ["x-chat-authorization", "authorization"])
def test_somebody_signed_in_gets_an_answer(function: Function, issuer: Issuer, header: str) -> None:
    reply = function.chat(QUESTION, headers={header: f"Bearer {good(issuer)}"})

    assert reply.status == 200
    assert reply.body.endswith(b"data: [DONE]\n\n")


def test_the_token_is_not_passed_on(function: Function, issuer: Issuer) -> None:
    token = good(issuer)
    function.chat(headers=bearer(token))

    assert token not in str(function.upstream.requests)


FORGED: dict[str, Forge] = {
    "alg none": lambda issuer: issuer.unsigned(),
    "HS256 with the public key": lambda issuer: issuer.signed_with_the_public_key(),
    "signed by another key": lambda issuer: good(issuer, key=rsa_key("first")),
    "wrong key id": lambda issuer: good(issuer, key_id="nobody's"),
    "other issuer": lambda issuer: good(issuer, iss="https://issuer.example.com"),
    "other client": lambda issuer: good(issuer, client_id="another-page"),
    "other audience": lambda issuer: good(issuer, client_id=None, aud="another-page"),
    "expired": lambda issuer: good(issuer, exp=now() - 60),
    "not yet valid": lambda issuer: good(issuer, nbf=now() + 300),
    "truncated": lambda issuer: good(issuer)[:-10],
    "oversized": lambda issuer: good(issuer, padding="x" * 8000),
    "id token": lambda issuer: good(issuer, token_use="id", aud=CLIENT_ID),
    "not a token": lambda _issuer: "lorem-ipsum",
    "API key that nobody made": lambda _issuer: new_key(),
    "API key of another form": lambda _issuer: "lsc_short",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize(
    "asked",
    [
        ("POST", "/api/v1/chat/completions", {"messages": [{"role": "user", "content": "Hello"}]}),
        ("POST", "/api/", b"not even JSON"),
        ("GET", "/api/v1/models", None),
        ("GET", "/api/v1/usage", None),
    ],
    ids=["chat", "message", "models", "usage"],
)
def test_a_forged_token_reaches_nothing(
    function: Function, issuer: Issuer, forge: Forge, asked: tuple[str, str, object]
) -> None:
    reply = function.send(*asked, bearer(forge(issuer)))

    assert reply.status == 401
    assert reply.error["type"] == "authentication_error"
    assert reply.error["code"] in {"invalid_token", "token_expired"}
    assert reply.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert function.upstream.requests == []


def test_the_log_says_why_and_the_caller_is_not_told(function: Function, issuer: Issuer) -> None:
    start = len(function.logs.lines)
    reply = function.chat(headers=bearer(good(issuer, client_id="another-page")))

    assert reply.error["message"] == "This token is not valid here. Sign in again."
    assert function.logs.wait_for('"message":"request"', start)["reason"] == "client"


def test_no_token_is_told_apart(function: Function) -> None:
    reply = function.chat()

    assert (reply.status, reply.error["code"]) == (401, "missing_token")
    assert reply.headers["www-authenticate"] == "Bearer"
    assert function.upstream.requests == []


def test_an_expired_sign_in_is_told_apart(function: Function, issuer: Issuer) -> None:
    assert function.chat(headers=bearer(good(issuer, exp=now() - 60))).error["code"] == "token_expired"


def test_somebody_not_invited_is_told_so(function: Function, issuer: Issuer) -> None:
    reply = function.chat(headers=bearer(issuer.token()))

    assert (reply.status, reply.error["code"]) == (403, "not_invited")
    assert function.upstream.requests == []


def test_health_needs_no_token(function: Function) -> None:
    assert function.send("GET", "/api/health").status == 200


def test_an_api_key_is_a_bearer_token(function: Function, keys: "DynamoDBClient") -> None:
    key, start = mint(keys), now()

    assert function.chat(headers={"authorization": f"Bearer {key}"}).status == 200
    item = keys.get_item(TableName=TABLE, Key={"pk": {"S": item_key(key)}})["Item"]
    assert int(item["last_used"]["N"]) >= start
    assert key not in str(item)


def test_a_revoked_key_ends_at_once(function: Function, keys: "DynamoDBClient") -> None:
    key = mint(keys)
    assert function.chat(headers=bearer(key)).status == 200
    keys.delete_item(TableName=TABLE, Key={"pk": {"S": item_key(key)}})
    function.upstream.reset()

    assert function.chat(headers=bearer(key)).status == 401
    assert function.upstream.requests == []


def test_a_key_past_its_date_is_told_so(function: Function, keys: "DynamoDBClient") -> None:
    reply = function.chat(headers=bearer(mint(keys, seconds=-1)))

    assert (reply.status, reply.error["code"]) == (401, "token_expired")
    assert function.upstream.requests == []


def test_the_log_has_a_stable_hash_and_nobody_s_name(function: Function, issuer: Issuer) -> None:
    start = len(function.logs.lines)
    function.chat(QUESTION, headers=bearer(good(issuer)))
    first = function.logs.wait_for('"message":"request"', start)["subject"]
    start = len(function.logs.lines)
    function.chat(QUESTION, headers=bearer(good(issuer, jti="another")))
    again = function.logs.wait_for('"message":"request"', start)["subject"]
    start = len(function.logs.lines)
    function.chat(QUESTION, headers=bearer(good(issuer, sub="another-person")))
    other = function.logs.wait_for('"message":"request"', start)["subject"]

    assert isinstance(first, str)
    assert len(first) == 16
    assert first == again != other
    assert [name for name in PRIVATE if name in function.logs.text] == []


def test_an_issuer_that_cannot_be_reached_lets_nobody_in(
    start_function: Callable[..., Function], issuer: Issuer
) -> None:
    with ExitStack() as stack:
        function = start_function(stack, SIGN_IN="oidc", SIGN_IN_ISSUER=issuer.url, SIGN_IN_CLIENT_ID=CLIENT_ID)
        issuer.status = 500
        reply = function.chat(headers=bearer(issuer.token()))

        assert (reply.status, reply.error["code"]) == (503, "sign_in_unavailable")
        assert function.upstream.requests == []
        assert function.logs.wait_for("keys cannot be read")["reason"] == "status 500"


def test_a_table_that_cannot_be_reached_lets_no_key_in(start_function: Callable[..., Function]) -> None:
    with ExitStack() as stack:
        function = start_function(
            stack, API_KEYS="on", TABLE_NAME=TABLE, AWS_ENDPOINT_URL_DYNAMODB="http://127.0.0.1:1"
        )
        reply = function.chat(headers=bearer("lsc_" + "a" * 43))

        assert (reply.status, reply.error["code"]) == (503, "limits_unavailable")
        assert function.upstream.requests == []


def test_with_keys_alone_a_token_is_no_way_in(
    start_function: Callable[..., Function], issuer: Issuer, aws: str
) -> None:
    with ExitStack() as stack:
        function = start_function(stack, API_KEYS="on", TABLE_NAME=TABLE, AWS_ENDPOINT_URL_DYNAMODB=aws)

        assert function.chat(headers=bearer(issuer.token())).status == 401
        assert function.chat().error["code"] == "missing_token"


def test_basic_credentials_are_no_token(function: Function) -> None:
    headers: Mapping[str, str] = {"authorization": "Basic " + base64.b64encode(b"a:b").decode()}

    assert function.chat(headers=headers).error["code"] == "missing_token"
