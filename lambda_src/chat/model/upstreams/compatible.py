"""Anything that speaks OpenAI's chat completions and takes its API key as a bearer token, OpenAI itself included."""

from chat.model.api_key import ApiKey
from chat.model.service import Request


class Compatible:
    """An OpenAI-compatible service.

    Args:
        url: Base URL, usually with a `/v1`.
        key: The service's API key.
    """

    def __init__(self, url: str, key: ApiKey) -> None:
        self.url = url
        self._key = key

    def request(self, body: bytes, path: str) -> Request:
        """As `Service.request`."""
        return self._request(body, path, self._key.read())

    def renewed(self, request: Request) -> Request | None:
        """As `Service.renewed`."""
        again = self._request(request.body, request.path, self._key.read(fresh=True))
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

    def _request(self, body: bytes, path: str, key: str) -> Request:
        return Request(path, {"authorization": f"Bearer {key}"}, body)
