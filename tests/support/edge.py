"""Stands for CloudFront before a rehearsed deployment: signs what goes to the function, as the emulator does not."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.support.rehearsed import Account, call_function, through_cloudfront


class Handler(BaseHTTPRequestHandler):
    """Passes a request on: `/api/*` to the Function URL, anything else to the emulator's distribution."""

    protocol_version = "HTTP/1.1"
    server: "Edge"

    def do_GET(self) -> None:
        """Pass a GET on."""
        self._pass_on(None)

    def do_POST(self) -> None:
        """Pass a POST on."""
        self._pass_on(self.rfile.read(int(self.headers["content-length"])))

    def _pass_on(self, body: bytes | None) -> None:
        account = self.server.account
        if self.path.startswith("/api/"):
            token = (self.headers["x-chat-authorization"] or "").removeprefix("Bearer ") or None
            reply = call_function(account, self.path, body, token=token)
        else:
            reply = through_cloudfront(account, self.path)
        self.send_response(reply.status)
        for name in ("content-type", "content-security-policy"):
            if name in reply.headers:
                self.send_header(name, reply.headers[name])
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Edge(ThreadingHTTPServer):
    """Serves on a free port of 127.0.0.1 while the context lasts."""

    def __init__(self, account: Account) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.account = account

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()
