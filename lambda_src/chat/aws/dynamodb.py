"""The deployment's table in DynamoDB.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
"""

import math
from collections.abc import Mapping
from typing import Any

from chat.aws.service import AwsError, JsonService
from chat.aws.table import ConditionFailedError, Item, TableUnavailableError, Value
from chat.log import logger

# A person waits for the answer: an unreachable table is given up within about 6 s.
_CONNECT_SECONDS = 1.0
_READ_SECONDS = 2.0


class DynamoTable:
    """A table, known by its name, whose key is one string, `pk`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._service = JsonService(
            "dynamodb", "DynamoDB_20120810", "1.0", connect_seconds=_CONNECT_SECONDS, read_seconds=_READ_SECONDS
        )

    def prepare(self) -> None:
        """Connect before the first request."""
        self._service.prepare()

    def forget(self) -> None:
        """Close the connection: it would be dead after a restore."""
        self._service.forget()

    def get(self, key: str) -> Item | None:
        """As `Table.get`."""
        request = {"TableName": self._name, "Key": {"pk": {"S": key}}, "ConsistentRead": True}
        try:
            answer = self._service.call("GetItem", request)
        except AwsError as error:
            raise self._unavailable(error) from None
        return _item(answer["Item"]) if "Item" in answer else None

    def update(  # noqa: PLR0913  # as the protocol has it
        self,
        key: str,
        expression: str,
        condition: str,
        names: Mapping[str, str],
        values: Item,
        *,
        returns_item: bool = True,
        seconds: float = math.inf,
    ) -> Item:
        """As `Table.update`."""
        request: dict[str, Any] = {
            "TableName": self._name,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": expression,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {name: _attribute(value) for name, value in values.items()},
        }
        if names:
            request["ExpressionAttributeNames"] = dict(names)
        request["ReturnValues"] = "ALL_NEW" if returns_item else "NONE"
        if returns_item:
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            answer = self._service.call("UpdateItem", request, seconds)
        except AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                raise ConditionFailedError(_item(error.answer.get("Item", {}))) from None
            raise self._unavailable(error) from None
        return _item(answer.get("Attributes", {}))

    def _unavailable(self, error: AwsError) -> TableUnavailableError:
        logger.error("The table cannot be used", extra={"table": self._name, "reason": error.code or str(error)})
        return TableUnavailableError()


def _attribute(value: Value) -> dict[str, Any]:
    match value:
        case int():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case dict():
            return {"M": {name: _attribute(inner) for name, inner in value.items()}}


def _item(attributes: Mapping[str, Any]) -> Item:
    return {name: _value(attribute) for name, attribute in attributes.items()}


def _value(attribute: Mapping[str, Any]) -> Value:
    match attribute:
        case {"N": str(digits)}:
            return int(digits)
        case {"S": str(text)}:
            return text
        case {"M": dict(inner)}:
            return _item(inner)
    raise TypeError("an attribute that is not of ours")
