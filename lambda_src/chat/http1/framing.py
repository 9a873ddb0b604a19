"""Where the body of an HTTP/1.1 response ends, however it was divided into packets: RFC 9112 §6.3 and §7.1."""

from typing import Protocol

_MAX_LINE_BYTES = 8192
_HEX = frozenset(b"0123456789abcdefABCDEF")


class ProtocolError(Exception):
    """The server sent something that is not HTTP/1.1, or closed the connection too early."""


class Framing(Protocol):
    """Takes what comes over the connection and gives what is of the body.

    Attributes:
        complete: Whether the body has ended; nothing may be fed then.
    """

    complete: bool

    def feed(self, data: bytes) -> bytes:
        """The body's share of the next bytes.

        Raises:
            ProtocolError: They are against the rules.
        """

    def close(self) -> None:
        """The server has closed the connection.

        Raises:
            ProtocolError: Too early.
        """


class UntilClose:
    """A body that ends with the connection."""

    complete = False

    def feed(self, data: bytes) -> bytes:
        """As `Framing.feed`."""
        return data

    def close(self) -> None:
        """As `Framing.close`: this is the end."""
        self.complete = True


class Sized:
    """A body whose length was announced.

    Args:
        length: In bytes.
    """

    def __init__(self, length: int) -> None:
        self._left = length
        self.complete = length == 0

    def feed(self, data: bytes) -> bytes:
        """As `Framing.feed`."""
        self._left -= len(data)
        if self._left < 0:
            raise ProtocolError("more than was announced")
        self.complete = self._left == 0
        return data

    def close(self) -> None:
        """As `Framing.close`."""
        raise ProtocolError("closed before the end of the body")


class Chunked:
    """A body in chunks; extensions and trailers are ignored."""

    def __init__(self) -> None:
        self.complete = False
        self._rest = b""  # a line that is not complete
        self._left = 0  # of the chunk at hand
        self._ending = False  # within the lines after the last chunk
        self._after_chunk = False  # the chunk's own line end is due

    def feed(self, data: bytes) -> bytes:
        """As `Framing.feed`."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        pieces: list[bytes] = []
        at = 0
        while at < len(data):
            if self._left:
                piece = data[at : at + self._left]
                pieces.append(piece)
                at += len(piece)
                self._left -= len(piece)
                self._after_chunk = not self._left
                continue
            end = data.find(b"\r\n", at)
            if end < 0:
                self._rest = data[at:]
                break
            self._take_line(data[at:end])
            at = end + 2
            if self.complete and at < len(data):
                raise ProtocolError("more after the end of the body")
        if len(self._rest) > _MAX_LINE_BYTES:
            raise ProtocolError("a line that is too long")
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def close(self) -> None:
        """As `Framing.close`."""
        raise ProtocolError("closed before the end of the body")

    def _take_line(self, line: bytes) -> None:
        if self._after_chunk:
            if line:
                raise ProtocolError("a chunk that is longer than announced")
            self._after_chunk = False
        elif self._ending:
            self.complete = not line
        else:
            size = line.partition(b";")[0].strip()
            if not size or not _HEX.issuperset(size):
                raise ProtocolError("a chunk without a size")
            self._left = int(size, 16)
            self._ending = not self._left
