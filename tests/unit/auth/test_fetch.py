"""What an issuer may cost: so many bytes and so many seconds, and no address but the one that was asked."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from chat.auth.fetch import FetchError, fetch_json
from tests.support.issuer import Issuer

MAX_BYTES = 256 * 1024
SLOW_SECONDS = 12  # well beyond the three that a document may take
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"


class Client:
    """Whoever is served; waiting for them ends with the test."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self.send = connection.sendall
        self.wait = over.wait

    def drip(self, data: bytes) -> None:
        """Send bytes evenly over `SLOW_SECONDS`: no wait between two of them is long."""
        for byte in data:
            self.send(bytes([byte]))
            self.wait(SLOW_SECONDS / len(data))


Serve = Callable[[Callable[[Client], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that sends what a function sends; gives a URL of it."""
    over = threading.Event()
    with ExitStack() as stack:

        def start(script: Callable[[Client], None]) -> str:
            class Handler(socketserver.BaseRequestHandler):
                def handle(self) -> None:
                    self.request.recv(65536)
                    with suppress(OSError):  # the client has gone
                        script(Client(self.request, over))

            server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
            stack.callback(server.server_close)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            stack.callback(over.set)
            return f"http://127.0.0.1:{server.server_address[1]}/document"

        yield start


def test_a_document_of_256_kib_is_taken_and_a_longer_one_is_not(issuer: Issuer) -> None:
    issuer.documents["/fits"] = b'{"a": 1}'.ljust(MAX_BYTES)
    issuer.documents["/long"] = b'{"a": 1}'.ljust(MAX_BYTES + 1)

    assert fetch_json(f"{issuer.url}/fits") == {"a": 1}
    with pytest.raises(FetchError, match="too long"):
        fetch_json(f"{issuer.url}/long")


def test_a_document_without_an_end_is_given_up(serve: Serve) -> None:
    def endless(client: Client) -> None:
        client.send(b"HTTP/1.1 200 OK\r\n\r\n{")
        for _ in range(10_000):
            client.send(b" " * 65536)

    with pytest.raises(FetchError, match="too long"):
        fetch_json(serve(endless))


@pytest.mark.parametrize(
    ("at_once", "slowly"),
    [(b"", HEAD + b"\r\n{}"), (HEAD.replace(b": 2", b": 102") + b"\r\n", b"{" + b" " * 100 + b"}"), (HEAD, b"")],
    ids=["a head drop by drop", "a body drop by drop", "silence"],
)
def test_a_document_that_takes_too_long_is_given_up(serve: Serve, at_once: bytes, slowly: bytes) -> None:
    def slow(client: Client) -> None:
        client.send(at_once)
        client.drip(slowly)
        client.wait(SLOW_SECONDS)

    with pytest.raises(FetchError, match="no answer in time"):
        fetch_json(serve(slow))


def test_a_redirect_is_not_followed(issuer: Issuer, serve: Serve) -> None:
    location = f"Location: {issuer.url}/keys".encode()

    with pytest.raises(FetchError, match="status 302"):
        fetch_json(serve(lambda client: client.send(b"HTTP/1.1 302 Found\r\n%b\r\n\r\n" % location)))
    assert issuer.requests == []


@pytest.mark.parametrize("target", ["/keys?version=2", "/keys/", "/"])
def test_an_address_is_asked_for_as_it_is(issuer: Issuer, target: str) -> None:
    fetch_json(f"{issuer.url}{target}")

    assert issuer.requests == [target]


@pytest.mark.parametrize("document", [b"", b"[]", b"[" * 100_000, b"{} {}", b"\xff{}", b'"text"'])
def test_what_is_not_a_json_object_is_refused(issuer: Issuer, document: bytes) -> None:
    issuer.documents["/document"] = document

    with pytest.raises(FetchError):
        fetch_json(f"{issuer.url}/document")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://nobody.invalid/", "https://127.0.0.1:1/"])
def test_a_server_that_is_not_there(url: str) -> None:
    with pytest.raises(FetchError):
        fetch_json(url)
