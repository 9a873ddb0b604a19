"""API keys in a real table over HTTP, by a clock that can be put forward."""

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from chat.auth.api_key_form import item_key
from chat.auth.api_keys import ApiKeys
from chat.auth.errors import ExpiredTokenError, InvalidTokenError
from chat.aws.dynamodb import DynamoTable
from chat.aws.table import Item
from tests.support.aws import REGION, TABLE, aws_server, table
from tests.support.secrets import secret

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

NOW = 1_800_000_000
END = NOW + 86_400


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with aws_server() as url:
        yield url


@pytest.fixture
def client(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    variables = {
        "AWS_ENDPOINT_URL_DYNAMODB": aws,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with table(aws) as running:
        yield running


@pytest.fixture
def key(client: "DynamoDBClient") -> str:
    minted = secret("lsc_" + secrets.token_urlsafe(32))
    client.put_item(
        TableName=TABLE,
        Item={"pk": {"S": item_key(minted)}, "owner": {"S": "reports"}, "valid_until": {"N": str(END)}},
    )
    return minted


def owner(key: str, now: float) -> str:
    return ApiKeys(DynamoTable(TABLE), lambda: now).owner(key)


def stored(key: str) -> Item | None:
    return DynamoTable(TABLE).get(item_key(key))


def test_a_key_works_until_its_last_second_and_not_after(key: str) -> None:
    assert owner(key, END - 0.001) == "reports"

    with pytest.raises(ExpiredTokenError):
        owner(key, END)


def test_its_use_is_noted_once_an_hour(key: str) -> None:
    noted = []
    for now in (NOW, NOW + 3599, NOW + 3600):
        owner(key, now)
        noted.append((stored(key) or {})["last_used"])

    assert noted == [NOW, NOW, NOW + 3600]


def test_a_note_changes_nothing_else(key: str) -> None:
    before = stored(key) or {}

    owner(key, NOW)

    assert stored(key) == before | {"last_used": NOW}


def test_a_key_revoked_between_looking_and_noting_stays_revoked(key: str, client: "DynamoDBClient") -> None:
    class Revoking(DynamoTable):
        def get(self, key: str) -> Item | None:
            item = super().get(key)
            client.delete_item(TableName=TABLE, Key={"pk": {"S": key}})
            return item

    with pytest.raises(InvalidTokenError):
        ApiKeys(Revoking(TABLE), lambda: NOW).owner(key)
    assert stored(key) is None


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("unknown", ["lsc_" + "a" * 43, "lsc_" + "a" * 42, "lsc_", "sk_" + "a" * 43])
def test_a_key_that_nobody_made_is_nobody_s(unknown: str) -> None:
    with pytest.raises(InvalidTokenError):
        owner(unknown, NOW)


@pytest.mark.parametrize(
    "item", [{}, {"owner": {"S": "reports"}}, {"valid_until": {"N": str(END)}}, {"owner": {"N": "1"}}]
)
def test_an_item_without_an_owner_and_an_end_is_no_key(
    client: "DynamoDBClient", item: dict[str, dict[str, str]]
) -> None:
    """What the function's own role could write, were it taken over."""
    forged = secret("lsc_" + secrets.token_urlsafe(32))
    client.put_item(TableName=TABLE, Item={"pk": {"S": item_key(forged)}, "last_used": {"N": "1"}, **item})

    with pytest.raises(InvalidTokenError):
        owner(forged, NOW)
