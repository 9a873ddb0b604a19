"""The built page with its security headers, and the scripted model behind the same origin: what a browser test needs.

What the real function and the local server do with a request is shown by the tests that go through them; here the
upstream answers the page directly, so that a failing browser test points at the page.
"""

import gzip
import json
import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import Any

from chat.settings import Settings
from contracts.page_config import page_config
from tests.support.scripted_upstream import Handler, Server

WEB = Path(__file__).resolve().parents[2] / "web"
HEADERS: dict[str, str] = json.loads((WEB / "security-headers.json").read_text())
CONFIG: dict[str, Any] = page_config(Settings(), {"type": "none"})
COMPRESSIBLE = {".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"}

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")


class PageHandler(Handler):
    """Files of the page, compressed as CloudFront does, and the API under /api/v1."""

    prefix = "/api/v1"
    server: "PageServer"

    def do_GET(self) -> None:  # noqa: N802 - the base class calls it by this name
        """Serve a file, the configuration, or the API."""
        path = self.path.partition("?")[0]
        if path.startswith("/api/"):
            super().do_GET()
        elif path == "/config.json":
            self._send(json.dumps(self.server.config).encode(), ".json", "no-cache")
        else:
            self._file("index.html" if path == "/" else path.removeprefix("/"))

    def _file(self, name: str) -> None:
        for root in self.server.roots:
            file = (root / name).resolve()
            if file.is_relative_to(root) and file.is_file():
                immutable = name.startswith("assets/")
                cache = "public, max-age=31536000, immutable" if immutable else "no-cache"
                self._send(file.read_bytes(), file.suffix, cache)
                return
        self.answer(HTTPStatus.NOT_FOUND, {"error": {"message": "no such file"}})

    def _send(self, data: bytes, suffix: str, cache: str) -> None:
        self.send_response(HTTPStatus.OK)
        if suffix in COMPRESSIBLE and "gzip" in self.headers.get("accept-encoding", ""):
            data = gzip.compress(data)
            self.send_header("content-encoding", "gzip")
        content_type = mimetypes.types_map.get(suffix, "application/octet-stream")
        text = content_type.startswith("text/") or suffix in COMPRESSIBLE
        self.send_header("content-type", f"{content_type}; charset=utf-8" if text else content_type)
        self.send_header("content-length", str(len(data)))
        self.send_header("cache-control", cache)
        for header, value in HEADERS.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(data)


class PageServer(Server):
    """`config` may be changed by a test; `roots` are searched in order for files."""

    def __init__(self) -> None:
        super().__init__(PageHandler)
        self.config = dict(CONFIG)
        self.roots = [WEB / "dist", WEB / "dist-test"]
