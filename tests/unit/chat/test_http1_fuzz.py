"""Whatever a server sends, however it is divided: what h11 reads in it, or a refusal as h11's, and in time."""

import socket
import threading
import time

import h11
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.http1.framing import ProtocolError
from chat.http1.response import Response

SECONDS = 20  # nobody waits for it: the server closes the connection behind what it sends
LIMIT = 1_000_000


def h11s(data: bytes) -> bytes | None:
    """The body as h11 reads it; `None` if it refuses."""
    reader = h11.Connection(h11.CLIENT, max_incomplete_event_size=65536)
    reader.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    reader.send(h11.EndOfMessage())
    body = b""
    try:
        reader.receive_data(data)
        ended = False
        while True:
            event = reader.next_event()
            if isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return body
            elif event is h11.NEED_DATA:
                if ended:
                    return None
                ended = True
                reader.receive_data(b"")
            elif not isinstance(event, h11.InformationalResponse | h11.Response):
                return None
    except h11.RemoteProtocolError:
        return None


def ours(packets: list[bytes]) -> bytes | None:
    """The body as it comes over a real connection; `None` if it is refused. Anything else is raised."""
    server, client = socket.socketpair()

    def send() -> None:
        with server:
            try:
                for packet in packets:
                    server.sendall(packet)
            except OSError:
                pass  # refused before all of it was read

    def receive(seconds: float) -> bytes:
        client.settimeout(seconds)
        return client.recv(65536)

    sender = threading.Thread(target=send)
    sender.start()
    began = time.monotonic()
    try:
        return Response.after_head(receive, SECONDS).read_all(LIMIT, SECONDS)
    except ProtocolError:
        return None
    finally:
        client.close()
        sender.join()
        assert time.monotonic() - began < SECONDS


def divided(data: bytes, borders: list[int]) -> list[bytes]:
    ends = sorted({border % (len(data) + 1) for border in borders})
    pieces = [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]
    return [piece for piece in pieces if piece]


EOL = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"])
STATUS_LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200",
        b"HTTP/1.0 200 OK",
        b"HTTP/1.1 204 X",
        b"HTTP/1.1 429 \xe9",
        b"HTTP/1.1 103 X",
    ]
)
HEADERS = st.sampled_from(
    [
        b"Transfer-Encoding: chunked",
        b"transfer-encoding: gzip, chunked",
        b"Content-Length: 5",
        b"Content-Length: 05",
        b"content-length: 5, 5",
        b"Content-Length: 5, 6",
        b"Content-Length: " + b"9" * 5000,
        b"Content-Length : 5",
        b"Connection: close",
        b"X: \x01y",
        b"X:",
        b" folded",
        b"\tfolded",
        b"no colon",
    ]
)
CHUNKS = st.sampled_from(
    [
        b"5\r\nabcde\r\n",
        b"5;x=y\r\nabcde\r\n",
        b"5 \r\nabcde\r\n",
        b" 5\r\nabcde\r\n",
        b"5 ;x\r\nabcde\r\n",
        b"05\r\nabcde\r\n",
        b"5\r\nabcd\r\n",
        b"5\r\nabcdef\r\n",
        b"f" * 30 + b"\r\n",
        b"0\r\n\r\n",
        b"0\r\nTrailer: x\r\n\r\n",
        b"0\r\nno colon\r\n\r\n",
        b"0\n\n",
        b"abcde",
        b"",
    ]
)


@st.composite
def responses(draw: st.DrawFn) -> bytes:
    """Nearly HTTP: put together from right and wrong pieces, with some bytes exchanged."""
    data = b""
    for status_line in draw(st.lists(STATUS_LINES, min_size=1, max_size=2)):
        data += b"".join(line + draw(EOL) for line in [status_line, *draw(st.lists(HEADERS, max_size=3))])
        data += draw(EOL)
    data += b"".join(draw(st.lists(CHUNKS, max_size=4)))
    changed = bytearray(data)
    for at, byte in draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=2)):
        changed[at] = byte
    return bytes(changed)


@given(data=responses() | st.binary(max_size=200), borders=st.lists(st.integers(0, 10_000), max_size=5))
@settings(max_examples=1000, deadline=None)
@example(data=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde and more", borders=[])
@example(data=b"HTTP/1.1 200 OK\nContent-Length: 5\n\nabcde", borders=[])
def test_a_response_is_what_h11_reads_in_it(data: bytes, borders: list[int]) -> None:
    if data.startswith(b"HTTP/") and not data.startswith(b"HTTP/1."):
        # h11 takes any version; of those that are not 1, nobody knows where a body ends.
        assert ours(divided(data, borders)) is None
        return
    assert ours(divided(data, borders)) == h11s(data)
