"""An OpenAI-compatible upstream that sends exactly the bytes a test says, when it says so.

For what no well-behaved server can show: an event or a character divided over packets, a cut, a silence, nonsense.
"""

import json
import socketserver
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


class Cut:
    """The connection is closed here, without any end."""


class Gate:
    """Silence until the test opens it: order without timing."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def open(self) -> None:
        """Let the script go on."""
        self._open.set()

    def wait(self) -> None:
        """Wait for the test, half a minute at most."""
        self._open.wait(30)


Step = bytes | Pause | Gate | type[Cut]


@dataclass(frozen=True, slots=True)
class Request:
    """What the upstream was asked."""

    path: str
    headers: dict[str, str]
    body: dict[str, object]
    raw: bytes
    at: float = field(default_factory=time.monotonic)


def token(text: str) -> bytes:
    """An event with a piece of an answer."""
    return event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})


def event(data: object) -> bytes:
    """An event with a JSON value."""
    return b"data: %b\n\n" % json.dumps(data, ensure_ascii=False).encode()


FINISH = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
USAGE = event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}})
DONE = b"data: [DONE]\n\n"
ANSWER = (token("Hel"), token("lo"), FINISH, USAGE, DONE)


def streamed(*steps: Step) -> tuple[Step, ...]:
    """A 200 whose body is `steps`, ended by closing the connection, which HTTP/1.1 allows without a length."""
    return (b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n", *steps)


def chunked(*steps: Step) -> tuple[Step, ...]:
    """A 200 with a chunked body, so that a `Cut` is a broken answer and not an end."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    framed = [b"%x\r\n%b\r\n" % (len(step), step) if isinstance(step, bytes) else step for step in steps]
    return (head, *framed) if Cut in steps else (head, *framed, b"0\r\n\r\n")


def answer(status: int, body: object, headers: dict[str, str] | None = None) -> tuple[Step, ...]:
    """A whole response with a JSON body."""
    payload = json.dumps(body).encode()
    lines = {"content-type": "application/json", "content-length": str(len(payload)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return (f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + payload,)


class RawUpstream:
    """The server; `script` is what the next requests get, `requests` what they were.

    `scripts` comes first while it has any: one for each request, in turn.
    """

    def __init__(self) -> None:
        self.reset()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.upstream = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def reset(self) -> None:
        """Answer well, and forget what was asked."""
        self.script: tuple[Step, ...] = streamed(*ANSWER)
        self.scripts: list[tuple[Step, ...]] = []
        self.requests: list[Request] = []
        self.written: list[float] = []
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        """Base URL, with its `/v1`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def next_script(self) -> tuple[Step, ...]:
        """What the request at hand gets."""
        return self.scripts.pop(0) if self.scripts else self.script

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 100
    upstream: RawUpstream


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        upstream = self.server.upstream
        line = self.rfile.readline().decode()
        if not line:
            return
        headers = {}
        while (header := self.rfile.readline().decode().strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        upstream.requests.append(Request(line.split()[1], headers, json.loads(body or b"{}"), body))
        try:
            self._play(upstream)
        except OSError:
            upstream.hung_up.set()

    def _play(self, upstream: RawUpstream) -> None:
        for step in upstream.next_script():
            match step:
                case bytes():
                    upstream.written.append(time.time())
                    self.wfile.write(step)
                case Pause():
                    self._pause(step.seconds)
                case Gate():
                    step.wait()
                case _:
                    return

    def _pause(self, seconds: float) -> None:
        self.connection.settimeout(seconds)
        try:
            if self.connection.recv(1) == b"":
                raise BrokenPipeError
        except TimeoutError:
            self.connection.settimeout(None)
