"""Where a server is, and what comes before and after the paths of requests to it."""

from urllib.parse import urlsplit


class Address:
    """An http(s) URL taken apart.

    Args:
        url: Its path comes before those of requests, its query (Azure's `?api-version=…`) after each of them.

    Attributes:
        is_secure: Whether it is spoken to over TLS.
        host: To connect to.
        port: To connect to.
        name: For the `Host` header.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.is_secure = parts.scheme == "https"
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if self.is_secure else 80)
        self.name = parts.netloc.rpartition("@")[2]
        self._origin = f"{parts.scheme}://{self.name}"
        self._path = parts.path.rstrip("/")
        self._query = f"?{parts.query}" if parts.query else ""

    def target(self, path: str) -> str:
        """What a request asks for; `path` begins with a slash, or is empty."""
        return (self._path + path or "/") + self._query

    def url(self, path: str) -> str:
        """The same with the server in front."""
        return self._origin + self.target(path)
