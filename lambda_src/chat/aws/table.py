"""What is needed of the deployment's table: items with a key, changed one at a time and under a condition."""

import math
from collections.abc import Mapping
from typing import Protocol, TypeAlias

from chat.errors import ApiError

Value: TypeAlias = "int | str | dict[str, Value]"
Item: TypeAlias = dict[str, Value]


class TableUnavailableError(ApiError):
    """The table cannot be reached or refuses: nobody is let in on trust then."""

    status = 503
    code = "limits_unavailable"

    def __init__(self) -> None:
        super().__init__("Limits and keys cannot be checked at the moment. Try again shortly.")


class ConditionFailedError(Exception):
    """An update's condition did not hold.

    Attributes:
        item: The item as it is; empty if there is none.
    """

    def __init__(self, item: Item) -> None:
        super().__init__("condition failed")
        self.item = item


class Table(Protocol):
    """Items whose key is one string."""

    def get(self, key: str) -> Item | None:
        """An item as it is now, not as it was a moment ago.

        Raises:
            TableUnavailableError: The table did not answer.
        """

    def update(  # noqa: PLR0913  # DynamoDB's own
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
        """Change an item in one step, or make it.

        Args:
            key: The item's.
            expression: DynamoDB's update expression.
            condition: What must hold of the item before.
            names: Attributes by their placeholders, `#…`.
            values: Values by their placeholders, `:…`.
            returns_item: Whether to read the item as well; the function may write attributes of keys that it may not
                read in the same step (stacks/chat_table.py).
            seconds: After so many no other try begins.

        Returns:
            The item afterwards; empty without `returns_item`.

        Raises:
            ConditionFailedError: The condition did not hold; nothing has changed.
            TableUnavailableError: The table did not answer.
        """
