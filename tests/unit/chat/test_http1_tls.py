"""The same connection over TLS: certificates are checked, waiting can be resumed, what is kept is still good."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from chat.http1 import connection as module
from chat.http1.connection import Connection
from chat.http1.failure import ConnectTimeoutError, reason_of
from chat.http1.pool import Pool
from tests.support.certificates import certificate

SECONDS = 10


class Server:
    """Takes one connection; the test speaks for it."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.peer: ssl.SSLSocket | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def says(self, data: bytes) -> None:
        assert self._ready.wait(SECONDS)
        assert self.peer is not None
        self.peer.sendall(data)

    def answers(self, data: bytes) -> None:
        assert self.peer is not None
        assert self.peer.recv(65536)
        self.peer.sendall(data)

    def close(self) -> None:
        self._thread.join(SECONDS)
        self._listener.close()
        if self.peer is not None:
            self.peer.close()

    def _accept(self) -> None:
        plain, _ = self._listener.accept()
        try:
            self.peer = self._context.wrap_socket(plain, server_side=True)
        except OSError:  # the client did not like the certificate
            plain.close()
        self._ready.set()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    file = certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    module._context.cache_clear()  # noqa: SLF001  # the process keeps its list of authorities
    server = Server(file)
    yield server
    server.close()
    module._context.cache_clear()  # noqa: SLF001  # same


def test_waiting_in_vain_can_be_tried_again(trusted: Server) -> None:
    with Connection(trusted.url, SECONDS) as connection:
        trusted.says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nHi\r\n")
        answer = connection.get("/", {}, SECONDS)
        assert answer.read(SECONDS) == b"Hi"
        for _ in range(2):
            with pytest.raises(TimeoutError):
                answer.read(0.01)
        trusted.says(b"0\r\n\r\n")

        assert answer.read(SECONDS) is None


def test_a_kept_connection_is_good_though_tls_had_something_to_say_of_itself(trusted: Server) -> None:
    pool = Pool(trusted.url, SECONDS)
    pool.prepare()
    trusted.says(b"")  # the handshake is over, and session tickets have been sent

    for _ in range(2):
        answering = threading.Thread(target=trusted.answers, args=(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi",))
        answering.start()
        exchange = pool.post("/", {}, b"", SECONDS)  # a second connection would never be accepted
        assert exchange.read_all(10, SECONDS) == b"Hi"
        exchange.close()
        answering.join(SECONDS)

    pool.forget()


def test_a_certificate_for_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path, x509.DNSName("other.example"))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    module._context.cache_clear()  # noqa: SLF001  # the process keeps its list of authorities
    server = Server(file)

    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        Connection(server.url, SECONDS)
    assert reason_of(refused.value).startswith("certificate: IP address mismatch")

    server.close()
    module._context.cache_clear()  # noqa: SLF001  # same


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    server = Server(certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))))

    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        Connection(server.url, SECONDS)
    assert reason_of(refused.value).startswith("certificate: self-signed certificate")

    server.close()


def test_a_server_that_speaks_no_tls_is_told_so() -> None:
    def speak() -> None:
        peer, _ = plain.accept()
        with peer:
            peer.sendall(b"SSH-2.0-OpenSSH\r\n")
            peer.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as plain:
        thread = threading.Thread(target=speak)
        thread.start()

        with pytest.raises(ssl.SSLError) as failed:
            Connection(f"https://127.0.0.1:{plain.getsockname()[1]}", SECONDS)

        thread.join(SECONDS)
    assert reason_of(failed.value).startswith("tls: ")


def test_a_handshake_that_never_ends_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ConnectTimeoutError):
        Connection(f"https://127.0.0.1:{silent.getsockname()[1]}", 0.1)
