"""Anything that speaks OpenAI's chat completions and takes its API key as a bearer token, OpenAI itself included."""

from chat.model.service import Request
from chat.model.upstreams.keyed import Keyed


class Compatible(Keyed):
    """An OpenAI-compatible service; its URL usually ends with `/v1`."""

    def keyed(self, body: bytes, path: str, key: str) -> Request:
        """As `Keyed.keyed`."""
        return Request(path, {"authorization": f"Bearer {key}"}, body)
