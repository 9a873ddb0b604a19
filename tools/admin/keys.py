"""API keys, in the deployment's table. What is stored is stated where the function looks: lambda_src/chat/auth."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from boto3.dynamodb.types import TypeDeserializer

from chat.auth.api_key_form import ITEM_PREFIX, item_key, new_key
from tools.admin.errors import AdminError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_dynamodb import DynamoDBClient

_DAY_SECONDS = 24 * 3600
_KEPT_SECONDS = 30 * _DAY_SECONDS  # after its last day a key can still be seen in the list, for so long
_ID_CHARS = 12


@dataclass(frozen=True)
class ApiKey:
    """What is known of a key; the key itself is not.

    Attributes:
        item_key: Its item's.
        owner: Whose it is.
        created: In POSIX seconds, like the two below.
        valid_until: Its end.
        last_used: To the hour; `None` if it never was.
    """

    item_key: str
    owner: str
    created: int
    valid_until: int
    last_used: int | None

    @property
    def key_id(self) -> str:
        """Enough of its hash to name it."""
        return self.item_key.removeprefix(ITEM_PREFIX)[:_ID_CHARS]


class KeyTable:
    """The API keys in one deployment's table."""

    def __init__(self, name: str, session: boto3.Session) -> None:
        self._name = name
        self._client: DynamoDBClient = session.client("dynamodb")

    def create(self, owner: str, days: int) -> str:
        """Mint a key.

        Returns:
            The key. Nobody can read it again.
        """
        key = new_key()
        now = int(time.time())
        valid_until = now + days * _DAY_SECONDS
        self._client.put_item(
            TableName=self._name,
            Item={
                "pk": {"S": item_key(key)},
                "owner": {"S": owner},
                "created": {"N": str(now)},
                "valid_until": {"N": str(valid_until)},
                "expires_at": {"N": str(valid_until + _KEPT_SECONDS)},
            },
            ConditionExpression="attribute_not_exists(pk)",
        )
        return key

    def all(self) -> "Iterator[ApiKey]":
        """Every key, in no order."""
        read = TypeDeserializer().deserialize
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            FilterExpression="begins_with(pk, :key)",
            ExpressionAttributeValues={":key": {"S": ITEM_PREFIX}},
        )
        for page in pages:
            for item in page["Items"]:
                plain = {name: read(value) for name, value in item.items()}
                last_used = plain.get("last_used")
                yield ApiKey(
                    item_key=plain["pk"],
                    owner=plain["owner"],
                    created=int(plain["created"]),
                    valid_until=int(plain["valid_until"]),
                    last_used=None if last_used is None else int(last_used),
                )

    def revoke(self, key_id: str) -> ApiKey:
        """Revoke a key: from now on it is unknown.

        Raises:
            AdminError: No key has this id.
        """
        found = [key for key in self.all() if key.key_id == key_id]
        if not found:
            raise AdminError(f"There is no key {key_id}. `keys list` shows them.")
        self._delete(found[0])
        return found[0]

    def revoke_all(self, owner: str) -> list[ApiKey]:
        """Revoke an owner's keys, those that have expired as well, and return what they were."""
        found = [key for key in self.all() if key.owner == owner]
        for key in found:
            self._delete(key)
        return found

    def _delete(self, key: ApiKey) -> None:
        self._client.delete_item(TableName=self._name, Key={"pk": {"S": key.item_key}})
