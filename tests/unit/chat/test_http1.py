"""HTTP/1.1 responses, divided into packets in every way."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.http1.framing import ProtocolError
from chat.http1.response import Response
from tests.support.http1_answers import BODY, CHUNKED, SIZED, UNTIL_CLOSE

ALL = [SIZED, CHUNKED, UNTIL_CLOSE]


def packets(*data: bytes) -> Callable[[float], bytes]:
    """Gives packets one by one, then the end of the connection."""
    left = list(data)
    return lambda _seconds: left.pop(0) if left else b""


def drip(seconds: float) -> bytes:
    """One byte, soon; for ever."""
    assert seconds > 0
    time.sleep(0.005)
    return b"x"


def response(*data: bytes) -> Response:
    return Response.after_head(packets(*data), 1)


@pytest.mark.parametrize("message", ALL)
@settings(deadline=None)
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
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"5" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n folded: nothing before\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nRetry-After: 1\rX-Other: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\xff: x\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
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
        b"5\r\nabcde\r\n0\r\nno colon\r\n\r\n",
        b"5\n\r\nabcde\r\n0\r\n\r\n",
        b"0" * 20 + b"5\r\nabcde\r\n0\r\n\r\n",
        b"1" * 10_000,
    ],
)
def test_a_chunked_body_that_is_cut_or_broken_is_an_error(body: bytes) -> None:
    answer = response(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body)

    with pytest.raises(ProtocolError):
        answer.read_all(100_000, 1)


def test_a_body_shorter_than_announced_is_an_error() -> None:
    answer = response(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"abcd")

    with pytest.raises(ProtocolError):
        answer.read_all(1000, 1)


@pytest.mark.parametrize("message", [SIZED, CHUNKED])
def test_what_comes_after_the_end_costs_nothing_but_the_connection(message: bytes) -> None:
    well = response(message)
    assert well.read_all(1000, 1) == BODY
    assert well.is_reusable

    for answer in (response(message + b"more"), response(message[:-1], message[-1:] + b"more")):
        assert answer.read_all(1000, 1) == BODY
        assert not answer.is_reusable


def test_bytes_after_an_answer_without_a_body_spoil_the_connection() -> None:
    assert not response(b"HTTP/1.1 204 X\r\n\r\n").is_reusable  # some send a body all the same
    assert not response(b"HTTP/1.1 204 X\r\n\r\nmore").is_reusable


@pytest.mark.parametrize(
    "lines",
    [
        b"HTTP/1.0 200 OK\r\nContent-Length: 0",
        b"HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 0",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked",
    ],
    ids=["HTTP/1.0", "one of several", "two ways to find the end"],
)
def test_a_connection_that_is_not_to_be_used_again(lines: bytes) -> None:
    answer = response(lines + b"\r\n\r\n0\r\n\r\n"[: None if b"chunked" in lines else 4])

    assert answer.read(1) is None
    assert not answer.is_reusable


def test_a_length_given_twice_is_a_length() -> None:
    for headers in (b"Content-Length: 5, 5", b"Content-Length: 5\r\ncontent-length: 5"):
        assert response(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\nabcde").read_all(1000, 1) == b"abcde"


def test_a_folded_header_is_one_line() -> None:
    answer = response(b"HTTP/1.1 200 OK\r\nVia: a\r\n \t b\r\nContent-Length: 0\r\n\r\n")

    assert answer.headers["via"] == "a b"


@pytest.mark.parametrize("framing", [b"5;", b"0\r\nTrailer: "], ids=["chunk extension", "trailer"])
@pytest.mark.parametrize("read", [lambda answer: answer.read(0.1), lambda answer: answer.read_all(1000, 0.1)])
def test_framing_that_comes_bit_by_bit_does_not_stretch_the_time(
    framing: bytes, read: Callable[[Response], object]
) -> None:
    first = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framing]
    answer = Response.after_head(lambda seconds: first.pop() if first else drip(seconds), 1)

    with pytest.raises(TimeoutError):
        read(answer)


def test_a_head_that_comes_bit_by_bit_does_not_stretch_the_time() -> None:
    with pytest.raises(TimeoutError):
        Response.after_head(drip, 0.1)


def test_no_more_is_read_than_asked_for() -> None:
    assert response(SIZED).read_all(4, 1) == b"data"
