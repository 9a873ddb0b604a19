"""Connections over real sockets: what the server sees, what is waited for, and which are used again."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from chat.http1.connection import Connection
from chat.http1.failure import ConnectTimeoutError, reason_of
from chat.http1.framing import ProtocolError
from chat.http1.pool import Pool
from tests.support.http1_answers import BODY, CHUNKED, SIZED, UNTIL_CLOSE


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener


def url(server: socket.socket, path: str = "/v1") -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}{path}"


def answering(server: socket.socket, *answers: bytes) -> threading.Thread:
    """Accepts one connection and gives an answer for each request on it, then closes."""

    def serve() -> None:
        peer, _ = server.accept()
        with peer:
            for answer in answers:
                if not peer.recv(65536):
                    break
                peer.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_a_request_as_the_server_sees_it(server: socket.socket) -> None:
    connection = Connection(url(server, "/v1/"), 5)
    peer, _ = server.accept()
    with connection, peer:
        peer.sendall(SIZED)

        connection.post("/chat", {"Authorization": "Bearer key"}, b"{}", 5)

        assert peer.recv(65536) == (
            b"POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer key\r\nContent-Length: 2\r\n\r\n{}"
            % server.getsockname()[1]
        )


def test_a_header_that_would_begin_another_is_refused(server: socket.socket) -> None:
    with Connection(url(server), 5) as connection, pytest.raises(ValueError, match="line end"):
        connection.get("/", {"Authorization": "key\r\nX-Other: 1"}, 1)


def test_waiting_in_vain_can_be_tried_again(server: socket.socket) -> None:
    connection = Connection(url(server), 5)
    peer, _ = server.accept()
    with connection, peer:
        peer.sendall(CHUNKED[:-19])
        answer = connection.get("/", {}, 5)
        read = b""
        while len(read) < len(BODY):
            read += answer.read(5) or b""
        with pytest.raises(TimeoutError):
            answer.read(0.01)
        peer.sendall(CHUNKED[-19:-2])
        with pytest.raises(TimeoutError):
            answer.read(0.01)
        peer.sendall(CHUNKED[-2:])

        assert answer.read(5) is None
        assert read == BODY


class Clock:
    """The time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def ask(pool: Pool) -> bytes:
    """One request, its answer read to its end."""
    exchange = pool.post("/", {}, b"", 5)
    try:
        body = exchange.read_all(1000, 5)
        assert exchange.read(5) is None
    finally:
        exchange.close()
    return body


@pytest.mark.parametrize("first", [SIZED, CHUNKED])
def test_a_connection_carries_the_next_request(server: socket.socket, first: bytes) -> None:
    thread = answering(server, first, SIZED)
    pool = Pool(url(server), 5)

    assert [ask(pool), ask(pool)] == [BODY, BODY]

    thread.join(10)
    pool.forget()


@pytest.mark.parametrize(
    "answer",
    [
        UNTIL_CLOSE,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        SIZED + b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 204 X\r\n\r\nmore",
    ],
    ids=["until close", "asked to close", "not read to its end", "with bytes left over", "with bytes and no body"],
)
def test_a_connection_that_cannot_go_on_is_closed(server: socket.socket, answer: bytes) -> None:
    pool = Pool(url(server), 5)
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(pool.post, "/", {}, b"", 5)
        peer, _ = server.accept()
        with peer:
            peer.settimeout(10)
            assert peer.recv(65536)
            peer.sendall(answer)
            exchange = asking.result(10)
            exchange.read(5)

            exchange.close()
            exchange.close()

            assert peer.recv(1) == b""


def test_a_kept_connection_that_the_server_has_closed_is_not_used(server: socket.socket) -> None:
    pool = Pool(url(server), 5)
    pool.prepare()
    server.accept()[0].close()
    thread = answering(server, SIZED)

    assert ask(pool) == BODY

    thread.join(10)
    pool.forget()


def test_a_kept_connection_on_which_something_came_unasked_is_not_used(server: socket.socket) -> None:
    pool = Pool(url(server), 5)
    pool.prepare()
    stale, _ = server.accept()
    with stale:
        stale.sendall(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
        thread = answering(server, SIZED)

        assert ask(pool) == BODY

        thread.join(10)
    pool.forget()


@pytest.mark.parametrize(("age", "kept"), [(54.9, True), (55.0, False), (3600.0, False)])
def test_a_connection_is_kept_for_55_seconds(server: socket.socket, age: float, *, kept: bool) -> None:
    clock = Clock()
    pool = Pool(url(server), 5, clock)
    first = answering(server, SIZED, SIZED)
    ask(pool)
    clock.now += age
    second = None if kept else answering(server, SIZED)

    assert ask(pool) == BODY

    pool.forget()  # which ends what is still waited for
    first.join(10)
    if second is not None:
        second.join(10)


def test_its_age_is_counted_from_its_last_use(server: socket.socket) -> None:
    clock = Clock()
    pool = Pool(url(server), 5, clock)
    thread = answering(server, SIZED, SIZED, SIZED)
    for _ in range(3):
        assert ask(pool) == BODY
        clock.now += 50
    thread.join(10)
    pool.forget()


def test_a_connection_made_ahead_is_the_first_to_be_used(server: socket.socket) -> None:
    pool = Pool(url(server), 5)
    pool.prepare()
    pool.prepare()
    thread = answering(server, SIZED)  # takes one connection, and no other is there

    assert ask(pool) == BODY

    thread.join(10)
    pool.forget()
    server.settimeout(0.05)
    with pytest.raises(TimeoutError):
        server.accept()


def test_getting_ready_in_vain_is_no_error(server: socket.socket) -> None:
    pool = Pool(url(server), 5)
    server.close()

    pool.prepare()


class Requests:
    """Takes connections in turn, gives each request on them the next answer and closes them; counts the requests."""

    def __init__(self, server: socket.socket, *connections: tuple[bytes, ...]) -> None:
        self.count = 0
        self._server = server
        self.thread = threading.Thread(target=self._serve, args=connections)
        self.thread.start()

    def _serve(self, *connections: tuple[bytes, ...]) -> None:
        for answers in connections:
            peer, _ = self._server.accept()
            with peer:
                for answer in answers:
                    assert peer.recv(65536)
                    self.count += 1
                    peer.sendall(answer)


def test_a_kept_connection_that_dies_before_any_answer_is_worth_one_more_try(server: socket.socket) -> None:
    requests = Requests(server, (SIZED, b""), (SIZED,))
    pool = Pool(url(server), 5)

    assert [ask(pool), ask(pool)] == [BODY, BODY]

    requests.thread.join(10)
    assert requests.count == 3
    pool.forget()


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200", b"HTTP/1.1 103 Early Hints\r\n\r\n"])
def test_a_request_on_a_new_connection_is_sent_once(server: socket.socket, said: bytes) -> None:
    thread = answering(server, said)
    pool = Pool(url(server), 5)

    with pytest.raises(ProtocolError):
        pool.post("/", {}, b"{}", 5)

    thread.join(10)
    server.settimeout(0.05)
    with pytest.raises(TimeoutError):
        server.accept()


def test_a_kept_connection_that_dies_after_the_first_byte_of_an_answer_is_not_tried_again(
    server: socket.socket,
) -> None:
    thread = answering(server, SIZED, b"H")
    pool = Pool(url(server), 5)
    assert ask(pool) == BODY

    with pytest.raises(ProtocolError):
        pool.post("/", {}, b"{}", 5)

    thread.join(10)
    server.settimeout(0.05)
    with pytest.raises(TimeoutError):
        server.accept()


def test_a_kept_connection_that_is_silent_is_not_tried_again(server: socket.socket) -> None:
    pool = Pool(url(server), 5)
    pool.prepare()
    with server.accept()[0], pytest.raises(TimeoutError):
        pool.post("/", {}, b"{}", 0.05)
    server.settimeout(0.05)
    with pytest.raises(TimeoutError):
        server.accept()


def test_a_refusal_before_the_request_was_read_arrives(server: socket.socket) -> None:
    """As nginx does when a body is too large; without it, the broken connection would be all that is known."""
    refusal = b"HTTP/1.1 413 X\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo large"

    def refuse() -> None:
        peer, _ = server.accept()
        with peer:
            peer.sendall(refusal)
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(65536):  # what is on its way would otherwise reset the connection
                pass

    thread = threading.Thread(target=refuse)
    thread.start()
    with Connection(url(server), 5) as connection:
        answer = connection.post("/", {}, b"x" * 3_000_000, 5)
        assert (answer.status, answer.read_all(100, 5)) == (413, b"too large")
    thread.join(10)


def test_the_query_of_the_address_is_part_of_every_request(server: socket.socket) -> None:
    connection = Connection(url(server, "/v1/?api-version=2024-10-21&x=%20"), 5)
    peer, _ = server.accept()
    with connection, peer:
        peer.sendall(SIZED)
        assert connection.get("", {}, 5).read_all(1000, 5) == BODY
        assert peer.recv(65536).startswith(b"GET /v1?api-version=2024-10-21&x=%20 HTTP/1.1\r\n")
        peer.sendall(SIZED)
        assert connection.get("/chat", {}, 5).read_all(1000, 5) == BODY
        assert peer.recv(65536).startswith(b"GET /v1/chat?api-version=2024-10-21&x=%20 HTTP/1.1\r\n")


class Resolver:
    """Gives these addresses for every name."""

    def __init__(self, *addresses: tuple[str, int]) -> None:
        self._addresses = addresses

    def __call__(self, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in self._addresses]


@pytest.fixture
def silent() -> Iterator[tuple[str, int]]:
    """An address that takes connections only into its full queue, so that connecting gets no answer."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()


def test_all_addresses_are_tried_within_one_time(
    server: socket.socket, silent: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(silent, ("127.0.0.1", 9), server.getsockname()))

    Connection("http://any.example/v1", 3).close()

    server.accept()[0].close()


def test_addresses_that_are_all_silent_take_no_longer_than_one(
    silent: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(*[silent] * 100))
    began = time.monotonic()

    with pytest.raises(ConnectTimeoutError):
        Connection("http://any.example/v1", 0.2)

    assert time.monotonic() - began < 10  # each for itself: 20 s


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:9", "connection refused"),
        ("http://nothing.invalid", "dns: "),
        ("http://a..example", "dns: "),
    ],
)
def test_why_there_is_no_connection(address: str, reason: str) -> None:
    with pytest.raises(OSError) as failed:  # noqa: PT011  # which is the question
        Connection(address, 5)

    assert reason_of(failed.value).startswith(reason)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), "no answer in time"),
        (ConnectTimeoutError(), "connect timeout"),
        (ProtocolError("no status line"), "protocol: no status line"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (OSError(), "OSError"),
        (ValueError("private"), "ValueError"),
    ],
)
def test_errors_in_a_few_words(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason
