"""The page: static files with the headers that CloudFront adds, and the page's configuration."""

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from local.http1 import Exchange

_IMMUTABLE = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2"}
_TEXT = ("content-type", "text/plain; charset=utf-8")


class Site:
    """Answers everything that is not the function's.

    Args:
        root: The built page; None: there is none.
        security_headers: Added to every answer.
        config: What the page reads from `/config.json`, if anything.
    """

    def __init__(
        self, root: Path | None, security_headers: Mapping[str, str], config: Mapping[str, object] | None
    ) -> None:
        self._root = root.resolve() if root else None
        self._security_headers = [(name.lower(), value) for name, value in security_headers.items()]
        self._config = None if config is None else json.dumps(config).encode()

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        path = unquote(exchange.target.partition("?")[0])
        if exchange.method not in {"GET", "HEAD"}:
            await self._respond(exchange, 405, [_TEXT, ("allow", "GET, HEAD")], b"Method Not Allowed\n")
        elif path == "/config.json" and self._config is not None:
            await self._respond(exchange, 200, [("content-type", "application/json")], self._config)
        elif file := self._find(path):
            kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            charset = "; charset=utf-8" if kind.startswith("text/") else ""
            cache = _IMMUTABLE if path.startswith("/assets/") else "no-cache"
            headers = [("content-type", kind + charset), ("cache-control", cache)]
            await self._respond(exchange, 200, headers, file.read_bytes())
        else:
            await self._respond(exchange, 404, [_TEXT], b"Not Found\n")

    def _find(self, path: str) -> Path | None:
        """The file of a path, if it is one and below the root, links followed."""
        if not self._root or "\0" in path:
            return None
        file = (self._root / path.lstrip("/")).resolve()
        if path == "/":
            file /= "index.html"
        return file if file.is_relative_to(self._root) and file.is_file() else None

    async def _respond(self, exchange: Exchange, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        if not any(name == "cache-control" for name, _ in headers):
            headers = [*headers, ("cache-control", "no-cache")]
        await exchange.respond(status, [*headers, *self._security_headers], body)
