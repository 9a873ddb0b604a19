"""Lets callers in, or not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chat.auth.bearer import bearer_token
from chat.auth.errors import InvalidTokenError
from chat.auth.subject import ANONYMOUS, API_KEYS, subject_hash
from chat.aws.table import Table
from chat.settings import Settings

if TYPE_CHECKING:
    from chat.auth.api_keys import ApiKeys
    from chat.auth.tokens import TokenVerifier


class Guard:
    """Tells who is asking. Without tokens and keys to check, everybody is let in as the same."""

    def __init__(
        self, settings: Settings, tokens: "TokenVerifier | None" = None, keys: "ApiKeys | None" = None
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self._keys = keys

    @classmethod
    def from_settings(cls, settings: Settings, table: Table | None) -> "Guard":
        """A guard with what the settings ask for; nothing else is imported, as it would make starting slower."""
        tokens = keys = None
        if settings.sign_in_issuer:
            from chat.auth.signing_keys import SigningKeys  # noqa: PLC0415  # see above
            from chat.auth.tokens import TokenVerifier  # noqa: PLC0415

            tokens = TokenVerifier(settings, SigningKeys(settings.sign_in_issuer))
        if settings.api_keys and table is not None:
            from chat.auth.api_keys import ApiKeys  # noqa: PLC0415

            keys = ApiKeys(table)
        return cls(settings, tokens, keys)

    def prepare(self) -> None:
        """Get ready for the first token."""
        if self._tokens is not None:
            self._tokens.prepare()

    def forget(self) -> None:
        """Nothing to do: what is remembered knows its age."""

    def identify(self, headers: Mapping[str, str]) -> str:
        """Who is asking.

        Args:
            headers: The request's, names in lower case.

        Returns:
            A hash of the subject.

        Raises:
            MissingTokenError: The request says nothing about it.
            InvalidTokenError: What it says is not true, or no longer.
            NotInvitedError: It is somebody known who has not been invited.
            SignInUnavailableError: The issuer's keys cannot be had.
            TableUnavailableError: The API keys cannot be looked up.
        """
        if self._tokens is None and self._keys is None:
            return ANONYMOUS
        return self._subject(bearer_token(headers))

    def _subject(self, token: str) -> str:
        if self._keys is not None and self._keys.is_meant(token):
            return subject_hash(self._settings.subject_salt, API_KEYS, self._keys.owner(token))
        if self._tokens is not None:
            return subject_hash(
                self._settings.subject_salt, self._settings.sign_in_issuer or "", self._tokens.verify(token)
            )
        raise InvalidTokenError("not an API key")
