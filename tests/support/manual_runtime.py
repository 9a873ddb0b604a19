"""A function whose runtime is the test itself: its `bootstrap` tells where its Runtime API is, and sleeps."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from local.server import LocalLambda
from local.throttle import Bandwidth
from tests.support.raw_http import Answer, RawConnection

PREFIX = "/2018-06-01/runtime"
INTEGRATION = "application/vnd.awslambda.http-integration-response"
_BOOTSTRAP = '#!/bin/sh\necho "$AWS_LAMBDA_RUNTIME_API"\nexec sleep 600\n'


class ManualRuntime:
    """A client that has sent its request, and the runtime that is to answer it.

    Attributes:
        server: Between the two.
        client: The client's connection.
        log: What the server logged.
    """

    def __init__(self, server: LocalLambda, client: RawConnection, log: list[str]) -> None:
        self.server = server
        self.client = client
        self.log = log
        wait_until(lambda: bool(log))
        self._port = urlsplit(f"//{log[0]}").port or 0

    def connect(self) -> RawConnection:
        return RawConnection(self._port)

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[Answer, bytes]:
        """Send one request to the Runtime API."""
        with self.connect() as connection:
            connection.request(method, PREFIX + path, body, **headers)
            return connection.read()

    def next(self) -> dict[str, str]:
        """Take the next invocation: its headers, and its event as `event`."""
        answer, event = self.call("GET", "/invocation/next")
        assert answer.status == 200, event
        return {**dict(answer.headers), "event": event.decode()}

    def next_id(self) -> str:
        return self.next()["lambda-runtime-aws-request-id"]

    def begin_stream(self, connection: RawConnection, request_id: str, **headers: str) -> None:
        """Send the head of a streamed response."""
        fields = {
            "content_type": INTEGRATION,
            "lambda_runtime_function_response_mode": "streaming",
            "transfer_encoding": "chunked",
            **headers,
        }
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        head = [f"POST {PREFIX}/invocation/{request_id}/response HTTP/1.1", "host: runtime", *lines, "", ""]
        connection.send("\r\n".join(head).encode())


@contextmanager
def manual_runtime(
    folder: Path,
    *,
    timeout_seconds: float = 30,
    bandwidth: Bandwidth | None = None,
    tells_of_leaving: bool = True,
    **variables: str,
) -> Iterator[ManualRuntime]:
    """The runtime of a function that was sent `POST /api/ask` with the body `first`."""
    bootstrap = folder / "bootstrap"
    bootstrap.write_text(_BOOTSTRAP)
    bootstrap.chmod(0o755)
    log: list[str] = []
    server = LocalLambda(
        folder,
        Path(sys.executable),
        variables,
        timeout_seconds=timeout_seconds,
        bandwidth=bandwidth,
        tells_of_leaving=tells_of_leaving,
        log=lambda _number, line: log.append(line),
    )
    with server, RawConnection(server.port) as client:
        client.request("POST", "/api/ask", b"first", content_type="text/plain")
        yield ManualRuntime(server, client, log)


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that another process or thread does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
