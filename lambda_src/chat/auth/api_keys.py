"""Keys for programs. The table holds a key's SHA-256 only: whoever reads the table cannot use it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from chat.auth.api_key_form import PREFIX, has_form, item_key
from chat.auth.errors import ExpiredTokenError, InvalidTokenError
from chat.aws.table import ConditionFailedError, Table, TableUnavailableError

_LAST_USE_SECONDS = 3600  # between two notes of a key's use: not every request is a write


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The API keys of a deployment; made and revoked by `python -m tools.admin`. The clock gives POSIX seconds."""

    table: Table
    clock: Callable[[], float] = time.time

    @staticmethod
    def is_meant(token: str) -> bool:
        """Whether a token is an API key, if a wrong one perhaps, and not one that an issuer made."""
        return token.startswith(PREFIX)

    def owner(self, key: str) -> str:
        """Whose key it is.

        Raises:
            InvalidTokenError: There is no such key, or no longer.
            TableUnavailableError: The table did not answer.
        """
        if not has_form(key):
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
