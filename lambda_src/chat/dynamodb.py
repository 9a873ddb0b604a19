"""The deployment's table in DynamoDB."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chat.record import logger
from chat.table import ConditionFailedError, Item, TableUnavailableError, Value

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

# A person waits for the answer: an unreachable table is given up within about 6 s.
_CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2, "mode": "standard"})


class DynamoTable:
    """A table whose key is one string, `pk`.

    Args:
        name: The table's.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._client = boto3.client("dynamodb", config=_CONFIG)

    def get(self, key: str) -> Item | None:
        """As `Table.get`."""
        try:
            answer = self._client.get_item(TableName=self._name, Key={"pk": {"S": key}}, ConsistentRead=True)
        except (BotoCoreError, ClientError) as error:
            raise self._unavailable(error) from None
        return _item(answer["Item"]) if "Item" in answer else None

    def update(self, key: str, expression: str, condition: str, names: Mapping[str, str], values: Item) -> Item:
        """As `Table.update`."""
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key={"pk": {"S": key}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={name: _attribute(value) for name, value in values.items()},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            item: Mapping[str, AttributeValueTypeDef] = error.response.get("Item", {})  # type: ignore[assignment]  # missing in the stubs
            raise ConditionFailedError(_item(item)) from None
        except (BotoCoreError, ClientError) as error:
            raise self._unavailable(error) from None
        return _item(answer["Attributes"])

    def _unavailable(self, error: Exception) -> TableUnavailableError:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        logger.error("The table cannot be used", extra={"table": self._name, "reason": code})
        return TableUnavailableError()


def _attribute(value: Value) -> "AttributeValueTypeDef":
    match value:
        case int():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case dict():
            return {"M": {name: _attribute(inner) for name, inner in value.items()}}


def _item(attributes: "Mapping[str, AttributeValueTypeDef]") -> Item:
    return {name: _value(attribute) for name, attribute in attributes.items()}


def _value(attribute: "AttributeValueTypeDef") -> Value:
    match attribute:
        case {"N": digits}:
            return int(digits)
        case {"S": text}:
            return text
        case {"M": inner}:
            return _item(inner)
    raise TypeError("an attribute that is not of ours")
