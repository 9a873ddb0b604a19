"""Connections over real sockets: what the server sees, what is waited for, and which are used again."""

import socket
import threading
from collections.abc import Iterator

import pytest

from chat.http1.connection import Connection
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
                assert b"\r\n\r\n" in peer.recv(65536)
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


@pytest.mark.parametrize("first", [SIZED, CHUNKED])
def test_a_connection_carries_the_next_request(server: socket.socket, first: bytes) -> None:
    thread = answering(server, first, SIZED)
    pool = Pool(url(server), 5)

    for _ in range(2):
        connection = pool.take()
        answer = connection.get("/", {}, 5)
        assert answer.read_all(1000, 5) == BODY
        assert answer.read(5) is None
        pool.give_back(connection, answer)

    thread.join(10)
    pool.close()


@pytest.mark.parametrize(
    "answer",
    [
        UNTIL_CLOSE,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
    ],
    ids=["until close", "asked to close", "not read to its end"],
)
def test_a_connection_that_cannot_go_on_is_closed(server: socket.socket, answer: bytes) -> None:
    thread = answering(server, answer)
    pool = Pool(url(server), 5)
    connection = pool.take()
    got = connection.get("/", {}, 5)
    got.read(5)

    pool.give_back(connection, got)

    thread.join(10)
    server.settimeout(0.05)
    with pytest.raises(TimeoutError):
        server.accept()
    assert connection.idle_seconds() == float("inf")


def test_a_kept_connection_that_the_server_has_closed_is_not_used(server: socket.socket) -> None:
    pool = Pool(url(server), 5)
    pool.connect_ahead()
    peer, _ = server.accept()
    peer.close()

    connection = pool.take()

    server.accept()[0].close()  # a new one
    connection.close()


def test_a_connection_made_ahead_is_the_first_to_be_used(server: socket.socket) -> None:
    pool = Pool(url(server), 5)
    pool.connect_ahead()
    pool.connect_ahead()
    peer, _ = server.accept()

    connection = pool.take()

    server.settimeout(0.05)
    with peer, connection, pytest.raises(TimeoutError):
        server.accept()
