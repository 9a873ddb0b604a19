"""A table that fails when a plan says so: in front of moto's DynamoDB, refusing, failing, throttling or hanging."""

import http.client
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.support.schedules.plan import Fault

_HANG_SECONDS = 20.0


class FaultyTable:
    """Passes calls on to moto until a fault is due.

    Args:
        backend: moto's URL.

    Attributes:
        url: Where it listens.
    """

    def __init__(self, backend: str) -> None:
        self._backend = urlsplit(backend).netloc
        self._lock = threading.Lock()
        self._fault: Fault = "none"
        self._calls_until = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.table = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, fault: Fault, at: int) -> None:
        """From the `at`-th call on, fail so; `none` mends it."""
        with self._lock:
            self._fault, self._calls_until = fault, at

    def next_fault(self) -> Fault:
        """What the call at hand suffers."""
        with self._lock:
            self._calls_until -= 1
            return self._fault if self._calls_until <= 0 else "none"

    def pass_on(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Moto's answer."""
        connection = http.client.HTTPConnection(self._backend, timeout=30)
        try:
            connection.request("POST", "/", body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    table: FaultyTable


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # http.server's
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        match self.server.table.next_fault():
            case "refuse":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            case "hang":
                time.sleep(_HANG_SECONDS)
                self.close_connection = True
            case "error":
                self._send(500, b'{"__type":"InternalServerError"}')
            case "throttle":
                kind = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
                self._send(400, json.dumps({"__type": kind, "message": "slow down"}).encode())
            case _:
                wanted = ("authorization", "content-type", "host", "x-amz-date", "x-amz-target", "x-amz-security-token")
                passed = {name: self.headers[name] for name in wanted if name in self.headers}
                self._send(*self.server.table.pass_on(passed, body))

    def _send(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.0")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""
