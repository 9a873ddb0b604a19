"""An OpenAI-compatible model server that answers with a scenario, which the last message names."""

import contextlib
import json
import socket
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.support.scenario import MODELS, BrokenError, RefusedError, Scenario, error_body


class Handler(BaseHTTPRequestHandler):
    """Serves /v1/models and /v1/chat/completions."""

    protocol_version = "HTTP/1.1"
    server: "Server"
    prefix = "/v1"

    def do_GET(self) -> None:
        """List the models."""
        if self.path == f"{self.prefix}/models":
            data = [{"id": model, "object": "model", "created": 0, "owned_by": "test"} for model in MODELS]
            self.answer(HTTPStatus.OK, {"object": "list", "data": data})
        else:
            self.answer(HTTPStatus.NOT_FOUND, error_body("There is nothing here."))

    def do_POST(self) -> None:
        """Answer a chat completion, streamed or not."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append((dict(self.headers.items()), body))
        scenario = Scenario(json.loads(body), self.server.documents, self.server.answers)
        try:
            events = scenario.events()
            first = next(events)
        except RefusedError as refused:
            extra = {"retry-after": refused.retry_after} if refused.retry_after else {}
            message = f"Refused with {refused.status}."
            self.answer(refused.status, error_body(message, refused.code), extra)
            return
        if scenario.request.get("stream"):
            self._stream(first, events)
        else:
            self._whole(first, events)

    def answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        """Send a JSON body."""
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, first: str, events: Iterator[str]) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            self._event(first)
            for event in events:
                self._event(event)
            self.wfile.write(b"0\r\n\r\n")
        except BrokenError:
            self.close_connection = True
        except (BrokenPipeError, ConnectionResetError):
            self.server.left += 1
            self.close_connection = True

    def _event(self, data: str) -> None:
        block = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))
        self.wfile.flush()

    def _whole(self, first: str, events: Iterator[str]) -> None:
        chunks = [json.loads(event) for event in (first, *events) if event != "[DONE]"]
        choices = [choice for chunk in chunks for choice in chunk["choices"]]
        content = "".join(choice["delta"].get("content", "") for choice in choices)
        message = {"role": "assistant", "content": content}
        finish = choices[-1]["finish_reason"]
        choice = {"index": 0, "message": message, "finish_reason": finish}
        usage = {"prompt_tokens": 1, "completion_tokens": len(choices), "total_tokens": 1 + len(choices)}
        self.answer(
            HTTPStatus.OK,
            {
                "id": "chatcmpl-scripted",
                "object": "chat.completion",
                "created": 0,
                "model": chunks[0]["model"],
                "choices": [choice],
                "usage": usage,
            },
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Be quiet: tests read `requests`."""


class Server(ThreadingHTTPServer):
    """The scripted upstream on a free port of 127.0.0.1; a context manager."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[Handler] = Handler) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.documents: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.left = 0
        """Clients that went away before the end."""
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), handler)

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the base class
        """Answer one connection's requests."""
        self._connections.add(request)
        super().finish_request(request, client_address)
        self._connections.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the base class
        """Tell of what went wrong, unless a client has just gone away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """The base URL for an OpenAI client."""
        return f"{self.origin}/v1"

    @property
    def last_request(self) -> dict[str, Any]:
        """The body of the newest request."""
        body: dict[str, Any] = json.loads(self.requests[-1][1])
        return body

    def __enter__(self) -> Self:
        """Start serving in a thread."""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self.stop()

    def stop(self) -> None:
        """Stop serving now: open connections end, new ones are refused."""
        self.shutdown()
        self.server_close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
