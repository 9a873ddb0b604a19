"""Where the body of an HTTP/1.1 response ends, however it was divided into packets: RFC 9112 §6.3 and §7.1."""

from typing import Protocol

_MAX_LINE_BYTES = 8192
_MAX_SIZE_DIGITS = 20
_HEX = b"0123456789abcdefABCDEF"
_TOKEN = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORBIDDEN = b"\0\r\n\v\f"  # in values of headers; other control characters do come, and are cleaned where they go on


class ProtocolError(Exception):
    """The server sent something that is not HTTP/1.1, or closed the connection too early."""


class Framing(Protocol):
    """Takes what comes over the connection and gives what is of the body.

    Attributes:
        complete: Whether the body has ended; nothing may be fed then.
        final: Whether the connection can carry no other response: it ends the body, or more came than the body.
    """

    complete: bool
    final: bool

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
    final = True

    def feed(self, data: bytes) -> bytes:
        """As `Framing.feed`."""
        return data

    def close(self) -> None:
        """As `Framing.close`: this is the end."""
        self.complete = True


class Sized:
    """A body whose length in bytes was announced."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.complete = length == 0
        self.final = False

    def feed(self, data: bytes) -> bytes:
        """As `Framing.feed`."""
        self._left -= len(data)
        if self._left < 0:
            data, self._left, self.final = data[: self._left], 0, True
        self.complete = self._left == 0
        return data

    def close(self) -> None:
        """As `Framing.close`."""
        raise ProtocolError("closed before the end of the body")


class Chunked:
    """A body in chunks; extensions and trailers are ignored."""

    def __init__(self) -> None:
        self.complete = False
        self.final = False
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
            if self._ending:
                self._take_trailers(data[at:])
                break
            end = data.find(b"\r\n", at)
            if end < 0:
                self._rest = data[at:]
                break
            self._take_line(data[at:end])
            at = end + 2
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
            return
        size, extension, _ = line.partition(b";")
        size = size if extension else size.rstrip(b" \t")  # some servers fill up with spaces
        if not 0 < len(size) <= _MAX_SIZE_DIGITS or size.translate(None, _HEX) or b"\n" in line:
            raise ProtocolError("a chunk without a size")
        self._left = int(size, 16)
        self._ending = not self._left

    def _take_trailers(self, data: bytes) -> None:
        found = end_of_lines(data)
        if found is None:
            self._rest = data
            return
        lines, end = found
        header_lines(lines)
        self.complete = True
        self.final = end < len(data)


def end_of_lines(data: bytes) -> tuple[list[bytes], int] | None:
    """The lines up to an empty one, and where what follows begins; `None` if the empty line has not come yet.

    A line may end without CR: RFC 9112 §2.2.
    """
    for empty in (b"\r\n", b"\n"):
        if data.startswith(empty):
            return [], len(empty)
    ends = [(at, len(blank)) for blank in (b"\n\r\n", b"\n\n") if (at := data.find(blank)) >= 0]
    if not ends:
        return None
    at, length = min(ends)
    return [line.removesuffix(b"\r") for line in data[:at].split(b"\n")], at + length


def header_lines(lines: list[bytes]) -> dict[str, str]:
    """Headers by their names in lower case; values of repeated ones are joined by commas.

    Raises:
        ProtocolError: A line is none.
    """
    unfolded: list[bytes] = []
    for line in lines:
        if not line.startswith((b" ", b"\t")):
            unfolded.append(line)
        elif unfolded:  # a folded line: RFC 9112 §5.2 wants a space in its place
            unfolded[-1] += b" " + line.lstrip(b" \t")
        else:
            raise ProtocolError("a header that begins with its second line")
    headers: dict[str, str] = {}
    for line in unfolded:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        if not colon or not name or name.translate(None, _TOKEN) or len(value.translate(None, _FORBIDDEN)) < len(value):
            raise ProtocolError("a header line that is none")
        key, text = name.decode("ascii").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
