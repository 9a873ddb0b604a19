"""HTTP/1.1 responses, divided into packets in every way, over real sockets where the socket matters."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.http1.connection import Connection
from chat.http1.framing import ProtocolError
from chat.http1.pool import Pool
from chat.http1.response import Response

BODY = b"data: one\n\ndata: \xe4\xba\x8c\n\n"
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n" + BODY
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    b"b;name=value\r\ndata: one\n\n\r\n00B\r\ndata: \xe4\xba\x8c\n\n\r\n0\r\nTrailer: x\r\n\r\n"
)
UNTIL_CLOSE = b"HTTP/1.0 200 OK\r\n\r\n" + BODY
ALL = [SIZED, CHUNKED, UNTIL_CLOSE]


def packets(*data: bytes) -> Callable[[float], bytes]:
    """Gives packets one by one, then the end of the connection."""
    left = list(data)
    return lambda _seconds: left.pop(0) if left else b""


def response(*data: bytes) -> Response:
    return Response.after_head(packets(*data), 1)


@pytest.mark.parametrize("message", ALL)
@given(data=st.data())
def test_a_response_is_the_same_however_it_was_divided(message: bytes, data: st.DataObject) -> None:
    borders = data.draw(st.lists(st.integers(1, len(message) - 1), unique=True).map(sorted))
    pieces = [message[start:end] for start, end in zip([0, *borders], [*borders, len(message)], strict=True)]

    assert response(*pieces).read_all(1000, 1) == BODY


@pytest.mark.parametrize("message", ALL)
def test_bytes_are_passed_on_when_they_come(message: bytes) -> None:
    head, _, body = message.partition(b"\r\n\r\n")
    answer = response(head + b"\r\n\r\n", *(bytes([byte]) for byte in body))

    assert answer.read(1) == BODY[:1]


def test_names_of_headers_are_in_lower_case_and_repeated_ones_joined() -> None:
    head = b"HTTP/1.1 429 Slow down\r\nRetry-After: 7 \r\nVia: a\r\nvia: b\r\nContent-Length: 0\r\n\r\n"

    answer = response(head)

    assert answer.status == 429
    assert answer.headers == {"retry-after": "7", "via": "a, b", "content-length": "0"}


def test_interim_answers_are_passed_over() -> None:
    assert response(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + SIZED).read_all(1000, 1) == BODY


@pytest.mark.parametrize("status", [204, 304])
def test_some_statuses_have_no_body(status: int) -> None:
    assert response(b"HTTP/1.1 %d X\r\n\r\n" % status).read(1) is None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nName : x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nLong: " + b"x" * 70_000,
    ],
)
def test_what_is_not_http_is_refused(head: bytes) -> None:
    with pytest.raises(ProtocolError):
        response(head)


@pytest.mark.parametrize(
    "body",
    [
        b"5\r\nab",
        b"5\r\nabcde",
        b"5\r\nabcdefg\r\n",
        b"-5\r\nabcde\r\n",
        b"0x5\r\nabcde\r\n",
        b"\r\nabcde\r\n",
        b"5\r\nabcde\r\n0\r\n",
        b"5\r\nabcde\r\n0\r\n\r\nmore",
        b"1" * 10_000,
    ],
)
def test_a_chunked_body_that_is_cut_or_broken_is_an_error(body: bytes) -> None:
    answer = response(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body)

    with pytest.raises(ProtocolError):
        answer.read_all(100_000, 1)


@pytest.mark.parametrize("body", [b"abcd", b"abcdef"])
def test_a_body_of_another_length_than_announced_is_an_error(body: bytes) -> None:
    answer = response(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", body)

    with pytest.raises(ProtocolError):
        answer.read_all(1000, 1)


def test_no_more_is_read_than_asked_for() -> None:
    assert response(SIZED).read_all(4, 1) == b"data"


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
