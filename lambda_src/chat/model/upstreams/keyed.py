"""What upstreams that take an API key have in common."""

from abc import ABC, abstractmethod

from chat.model.api_key import ApiKey
from chat.model.service import Request


class Keyed(ABC):
    """A `Service` with an API key.

    Args:
        url: As `Service.url`.
        key: Its API key.
    """

    def __init__(self, url: str, key: ApiKey) -> None:
        self.url = url
        self._key = key

    @abstractmethod
    def keyed(self, body: bytes, path: str, key: str) -> Request:
        """The request with a key; `path` is the API's."""

    def request(self, body: bytes, path: str) -> Request:
        """As `Service.request`."""
        return self.keyed(body, path, self._key.read())

    def renewed(self, request: Request) -> Request | None:
        """As `Service.renewed`."""
        again = self.keyed(request.body, request.path, self._key.read(fresh=True))
        return None if again == request else again

    def redact(self, text: str) -> str:
        """As `Service.redact`."""
        return self._key.redact(text)

    def remedy(self) -> dict[str, str]:
        """As `Service.remedy`."""
        return self._key.remedy()

    def prepare(self) -> None:
        """As `Service.prepare`."""
        self._key.prepare()

    def forget(self) -> None:
        """As `Service.forget`."""
        self._key.forget()
