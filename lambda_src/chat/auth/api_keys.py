"""Keys for programs. The table holds a key's SHA-256 only: whoever reads the table cannot use it."""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from chat.auth.bearer import API_KEY_PREFIX
from chat.auth.errors import ExpiredTokenError, InvalidTokenError
from chat.aws.table import ConditionFailedError, Table, TableUnavailableError

# 256 random bits.
_FORM = re.compile(API_KEY_PREFIX + r"[A-Za-z0-9_-]{43}")
_LAST_USE_SECONDS = 3600  # between two notes of a key's use: not every request is a write


def item_key(key: str) -> str:
    """The partition key of an API key's item."""
    return f"key#{hashlib.sha256(key.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The API keys of a deployment; made and revoked by `python -m tools.admin`. The clock gives POSIX seconds."""

    table: Table
    clock: Callable[[], float] = time.time

    def owner(self, key: str) -> str:
        """Whose key it is.

        Raises:
            InvalidTokenError: There is no such key, or no longer.
            TableUnavailableError: The table did not answer.
        """
        if not _FORM.fullmatch(key):
            raise InvalidTokenError("malformed key")
        name = item_key(key)
        item = self.table.get(name) or {}
        match item:
            case {"owner": str(owner), "valid_until": int(valid_until)}:
                now = int(self.clock())
                if now >= valid_until:
                    raise ExpiredTokenError
                self._note_use(name, item.get("last_used"), now)
                return owner
        raise InvalidTokenError("unknown key")

    def _note_use(self, name: str, last_used: object, now: int) -> None:
        if isinstance(last_used, int) and now - last_used < _LAST_USE_SECONDS:
            return
        try:
            # The condition: a key revoked meanwhile stays revoked. No more is named than the function's role may name.
            self.table.update(
                name, "SET last_used = :now", "attribute_exists(pk)", {}, {":now": now}, returns_item=False
            )
        except ConditionFailedError:
            raise InvalidTokenError("unknown key") from None
        except TableUnavailableError:
            pass  # logged; the key itself has been checked
