import asyncio
import gc
from collections.abc import Iterator

import pytest

from local.http1 import BodyTooLargeError, Exchange
from tests.support.raw_http import RawConnection
from tests.support.serving import serving

MORE_THAN_BUFFERS_HOLD = 20_000_000


async def handle(exchange: Exchange) -> None:
    match exchange.target:
        case "/chunks":
            await exchange.start(200, [])
            async for chunk in exchange.chunks():
                await exchange.write(chunk)
            await exchange.write(repr(exchange.trailers).encode())
            await exchange.end()
        case "/limited":
            try:
                await exchange.respond(200, [], await exchange.body(5))
            except BodyTooLargeError:
                await exchange.respond(413, [])
        case "/broken":
            await exchange.start(200, [])
            await exchange.write(b"half")
            exchange.break_off()
        case "/stalled":
            await exchange.start(200, [])
            writing = asyncio.create_task(exchange.write(b"x" * MORE_THAN_BUFFERS_HOLD))
            await asyncio.sleep(0)
            exchange.break_off()
            await writing
        case "/early":
            await anext(exchange.chunks())
            await exchange.respond_early(400, [], b"enough")
        case "/no-content":
            await exchange.respond(204, [], b"dropped")
        case _:
            await exchange.respond(200, [("x-a", exchange.header("a"))], b"hello")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(handle) as port:
        yield port


@pytest.fixture
def connection(port: int) -> Iterator[RawConnection]:
    with RawConnection(port) as connection:
        yield connection


def test_each_chunk_is_there_before_the_next_is_sent(connection: RawConnection) -> None:
    connection.send(b"POST /chunks HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
    assert connection.read_head().header("transfer-encoding") == "chunked"

    for text in (b"one", b"two", b"three"):
        connection.send_chunk(text)
        assert connection.read_chunk() == text


def test_trailers_are_read(connection: RawConnection) -> None:
    connection.send(b"POST /chunks HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\nX-End: yes\r\n\r\n")

    _, body = connection.read()

    assert body == b"[('x-end', 'yes')]"


def test_a_connection_carries_one_request_after_the_other(connection: RawConnection) -> None:
    for value in ("1", "2"):
        connection.request("POST", "/", b"a body nobody reads", a=value)
        answer, body = connection.read()
        assert (answer.status, answer.header("x-a"), body) == (200, value, b"hello")


def test_a_header_that_comes_twice_is_joined(connection: RawConnection) -> None:
    connection.send(b"GET / HTTP/1.1\r\nhost: a\r\na: 1\r\nA: 2\r\n\r\n")

    assert connection.read()[0].header("x-a") == "1,2"


def test_head_gets_the_headers_alone(connection: RawConnection) -> None:
    connection.request("HEAD", "/")

    assert connection.read_head().header("content-length") == "5"

    connection.request("GET", "/")
    assert connection.read()[1] == b"hello"


def test_no_content_means_no_body(connection: RawConnection) -> None:
    connection.request("GET", "/no-content")

    answer = connection.read_head()

    assert (answer.status, answer.header("content-length"), answer.header("transfer-encoding")) == (204, "", "")


def test_a_body_over_the_limit_is_read_to_its_end_so_that_the_answer_gets_through(connection: RawConnection) -> None:
    connection.request("POST", "/limited", b"x" * 5_000_000)
    assert connection.read()[0].status == 413

    connection.request("POST", "/limited", b"12345")
    assert connection.read()[1] == b"12345"


def test_a_client_that_waits_to_send_its_body_is_told_to(connection: RawConnection) -> None:
    connection.request("POST", "/limited", content_length="3", expect="100-continue")
    assert connection.read_head().status == 100

    connection.send(b"abc")
    assert connection.read()[1] == b"abc"


def test_breaking_off_leaves_the_body_without_an_end(connection: RawConnection) -> None:
    connection.request("GET", "/broken")
    connection.read_head()

    assert connection.read_chunk() == b"half"
    with pytest.raises(EOFError):
        connection.read_chunk()


def test_a_client_that_reads_late_gets_what_was_sent_before_the_break_and_leaves_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serving(handle) as port, RawConnection(port) as connection:
        connection.request("GET", "/stalled")
        connection.read_head()
        assert len(connection.read_chunk()) == MORE_THAN_BUFFERS_HOLD
        with pytest.raises(EOFError):
            connection.read_chunk()

    gc.collect()  # asyncio tells of a task's error when the task goes
    assert caplog.records == []


def test_an_answer_may_come_before_the_request_is_complete_and_ends_the_connection(connection: RawConnection) -> None:
    connection.send(b"POST /early HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
    connection.send_chunk(b"part")

    answer, body = connection.read()

    assert (answer.status, body) == (400, b"enough")
    assert connection.at_end()


def test_how_long_the_headers_may_be_is_the_servers_to_say() -> None:
    with serving(handle, max_head_bytes=2_000_000) as port, RawConnection(port) as connection:
        connection.request("GET", "/", a="x" * 1_000_000)

        assert connection.read()[0].status == 200


@pytest.mark.parametrize("garbage", [b"what?\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a" * 70000])
def test_what_is_not_http_gets_400_or_431_and_no_more(connection: RawConnection, garbage: bytes) -> None:
    connection.send(garbage)

    assert connection.read_head().status in {400, 431}
    assert connection.at_end()
