"""HTTP as it is on the wire: requests sent byte by byte, answers read chunk by chunk."""

import select
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass
class Answer:
    """A status line and headers; the names are in lower case."""

    status: int
    headers: list[tuple[str, str]]

    def header(self, name: str) -> str:
        return ", ".join(value for header, value in self.headers if header == name)


class RawConnection:
    """A TCP connection to a local port."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection((host, port), timeout=20)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def request(self, method: str, target: str, body: bytes = b"", **headers: str) -> None:
        """Send a request; a header's name is written with underscores."""
        fields = {"host": "localhost", "content_length": str(len(body)), **headers}
        lines = [f"{method} {target} HTTP/1.1"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def send_chunk(self, data: bytes) -> None:
        self.send(b"%x\r\n%b\r\n" % (len(data), data))

    def read_head(self) -> Answer:
        """The status line and headers."""
        status = int(self._file.readline().split()[1])
        headers = []
        while line := self._file.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name.lower(), value.strip()))
        return Answer(status, headers)

    def read_chunk(self) -> bytes:
        """The next chunk; empty at the end of the body.

        Raises:
            EOFError: The connection ended before the body did.
        """
        size = self._file.readline()
        if not size:
            raise EOFError
        data = self._file.read(int(size, 16))
        self._file.readline()
        return data

    def read(self) -> tuple[Answer, bytes]:
        """A whole answer."""
        answer = self.read_head()
        if answer.header("transfer-encoding") == "chunked":
            return answer, b"".join(iter(self.read_chunk, b""))
        return answer, self._file.read(int(answer.header("content-length") or 0))

    def has_input(self) -> bool:
        """Whether something has come that was not read yet."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def at_end(self) -> bool:
        """Whether the other side closed, without having sent anything else."""
        return self._file.read(1) == b""
