"""Azure OpenAI: its v1 API, and the classic one, where a model is a deployment's name in the path.

https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
"""

import json
from urllib.parse import quote, urlencode, urlsplit

from chat.model.api_key import ApiKey
from chat.model.service import Request
from chat.model.upstreams.keyed import Keyed


class Azure(Keyed):
    """An Azure OpenAI resource.

    Args:
        url: The resource's, `https://NAME.openai.azure.com`; with a path, that is taken as it is.
        key: One of the resource's keys.
        api_version: Of the classic API, such as `2024-10-21`; none for v1.
    """

    def __init__(self, url: str, key: ApiKey, api_version: str | None) -> None:
        parts = urlsplit(url)
        path = parts.path.rstrip("/") or ("/openai" if api_version else "/openai/v1")
        version = urlencode({"api-version": api_version}) if api_version else ""
        query = "&".join(part for part in (parts.query, version) if part)
        super().__init__(parts._replace(path=path, query=query).geturl(), key)
        self._is_classic = api_version is not None

    def keyed(self, body: bytes, path: str, key: str) -> Request:
        """As `Keyed.keyed`."""
        is_named = not self._is_classic or path.startswith("/deployments/")  # a renewed request has its path already
        deployment = "" if is_named else f"/deployments/{quote(json.loads(body)['model'], safe='')}"
        return Request(deployment + path, {"api-key": key}, body)
