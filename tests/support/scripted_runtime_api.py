"""A Runtime API that does what a test says. Written from what is known of the protocol alone, strict in what it reads:

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html and docs/lambda-streaming.md.
"""

import json
import queue
import socket
import struct
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self

ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n'
TRUNCATED = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 91\r\n\r\n"
    b'{"errorMessage":"HTTP request detected as truncated","errorType":"TruncatedHTTPRequest"}  \n'
)
_SECONDS = 30


def answer(status: int, body: bytes = b"{}") -> bytes:
    """An answer of the Runtime API."""
    return b"HTTP/1.1 %d Status\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


@dataclass(frozen=True)
class Peer:
    """What becomes of one post.

    Attributes:
        reads: How many bytes of its body are taken; None: all.
        stalls: For how many seconds nothing is done then.
        answers: What is sent then, before the connection is closed.
        resets: Whether it is closed with an RST.
    """

    reads: int | None = None
    stalls: float = 0
    answers: bytes = ACCEPTED
    resets: bool = False


@dataclass
class Post:
    """What was posted, as far as it was read.

    Attributes:
        chunks: Of a chunked body, else the body.
        trailer_bytes: All trailer lines, with the empty one that ends them.
        is_complete: Whether that is all of it.
    """

    path: str
    headers: dict[str, str]
    chunks: list[bytes] = field(default_factory=list)
    trailers: dict[str, str] = field(default_factory=dict)
    trailer_bytes: int = 0
    is_complete: bool = False


class ScriptedRuntimeApi:
    """Hands out events, and treats what is posted for them as it was told to.

    Attributes:
        address: `host:port`.
        peers: What is to become of the posts for a request; all others are accepted.
        posts: What was posted, in order.
    """

    def __init__(self) -> None:
        self.posts: queue.Queue[Post] = queue.Queue()
        self._events: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
        self.peers: dict[str, Peer] = {}
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def invoke(self, event: object, peer: Peer | None = None) -> str:
        """Hand out an event next.

        Args:
            event: As JSON.
            peer: What is to become of the response.

        Returns:
            The request's id.
        """
        request_id = str(uuid.uuid4())
        self.peers[request_id] = peer or Peer()
        self._events.put((request_id, json.dumps(event).encode()))
        return request_id

    def refuse(self) -> None:
        """Refuse the next event."""
        self._events.put(None)

    def next_post(self) -> Post:
        return self.posts.get(timeout=_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.refuse()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._listener.close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as file, suppress(OSError, EOFError):
            while True:
                head = _Reader(file)
                method, path, version = head.line().decode("ascii").split()
                assert version == "HTTP/1.1"
                headers = head.headers()
                if method == "GET":
                    self._next(connection)
                else:
                    self._post(connection, file, Post(path, headers))
                    return

    def _next(self, connection: socket.socket) -> None:
        event = self._events.get()
        if event is None:
            connection.sendall(answer(403, b'{"errorType":"InvalidStateTransition"}'))
            return
        request_id, body = event
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"Lambda-Runtime-Aws-Request-Id: {request_id}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {int((time.time() + _SECONDS) * 1000)}\r\n"
            "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:test\r\n\r\n"
        )
        connection.sendall(head.encode() + body)

    def _post(self, connection: socket.socket, file: BinaryIO, post: Post) -> None:
        peer = self.peers.get(post.path.split("/")[-2], Peer())
        with suppress(_EnoughError):
            _read_body(_Reader(file, peer.reads), post)
            post.is_complete = True
        self.posts.put(post)
        time.sleep(peer.stalls)
        connection.sendall(peer.answers)
        if peer.resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class _EnoughError(Exception):
    """As many bytes were read as should be."""


class _Reader:
    """Reads HTTP, strictly, up to a number of bytes."""

    def __init__(self, file: BinaryIO, limit: int | None = None) -> None:
        self._file = file
        self._limit = limit
        self.taken = 0

    def read(self, size: int) -> bytes:
        allowed = size if self._limit is None else min(size, self._limit - self.taken)
        data = self._file.read(allowed)
        self.taken += len(data)
        if len(data) < allowed:
            raise EOFError
        if allowed < size:
            raise _EnoughError
        return data

    def line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            line += self.read(1)
        assert line.endswith(b"\r\n")
        return line[:-2]

    def headers(self) -> dict[str, str]:
        """Header or trailer lines, up to the empty line; names in lower case."""
        pairs = (line.decode("latin-1").partition(":") for line in iter(self.line, b""))
        return {name.lower(): value.strip() for name, _, value in pairs}


def _read_body(reader: _Reader, post: Post) -> None:
    if "content-length" in post.headers:
        post.chunks.append(reader.read(int(post.headers["content-length"])))
        return
    assert post.headers["transfer-encoding"] == "chunked"
    while size := int(reader.line(), 16):
        post.chunks.append(reader.read(size))
        assert reader.read(2) == b"\r\n"
    before = reader.taken
    post.trailers = reader.headers()
    post.trailer_bytes = reader.taken - before
