"""What one kind of upstream decides; each kind is a module of `upstreams/`."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from chat.model.transport import HttpAnswer


class Request(NamedTuple):
    """An HTTP POST to the service.

    Attributes:
        path: After the service's URL, beginning with a slash, percent-encoded.
        headers: Names in lower case; they come beside or instead of those that every request has.
        body: What is sent.
        translated: Makes an answer in OpenAI's form of the service's, where that has another.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes
    translated: Callable[[HttpAnswer], HttpAnswer] | None = None


class Service(Protocol):
    """A kind of upstream.

    Attributes:
        url: Base URL; its query, if it has one, is part of every request's.
    """

    url: str

    def request(self, body: bytes, path: str) -> Request:
        """The request for an answer.

        Args:
            body: In the form of OpenAI's API, complete and checked.
            path: Of that API, beginning with a slash, such as `/chat/completions`.

        Raises:
            KeyUnavailableError: The credentials cannot be had.
            InvalidRequestError: The service has nothing like what the request asks for.
        """

    def renewed(self, request: Request) -> Request | None:
        """After status 401: the request with other credentials, if there are others by now.

        Raises:
            KeyUnavailableError: The credentials cannot be had.
        """

    def redact(self, text: str) -> str:
        """The text without this deployment's credentials, should upstream have repeated them."""

    def remedy(self) -> dict[str, str]:
        """For the log, when the credentials were refused: what to do."""

    def prepare(self) -> None:
        """Get the credentials before they are needed; what fails is tried again when they are."""

    def forget(self) -> None:
        """Forget what would be too old after a snapshot is restored."""
