"""The head of an HTTP/1.1 response: RFC 9112 §4 and §5, read as h11 reads them."""

import re

from chat.http1.framing import ProtocolError, end_of_lines, header_lines

_MAX_BYTES = 65536
_STATUS_LINE = re.compile(rb"HTTP/1\.([0-9]) ([0-9]{3})(?: [^\0\r\n\v\f]*)?")
_MAX_LENGTH_DIGITS = 20


class Head:
    """A status line and headers.

    Attributes:
        status: From 100 to 999.
        headers: Names in lower case; of repeated ones, the values separated by commas.
        length: What `content-length` says, in bytes.
        is_chunked: Whether the body comes in chunks.
        keeps_open: Whether the connection may carry another response.
    """

    def __init__(self, lines: list[bytes]) -> None:
        line = _STATUS_LINE.fullmatch(lines[0]) if lines else None
        if not line:
            raise ProtocolError("no status line")
        self.status = int(line[2])
        if self.status < 100 or self.status == 101:  # noqa: PLR2004  # nobody asked for another protocol
            raise ProtocolError("an impossible status")
        self.headers = header_lines(lines[1:])
        coding = self.headers.get("transfer-encoding")
        if coding is not None and coding.lower() != "chunked":
            raise ProtocolError("an unknown transfer coding")
        self.is_chunked = coding is not None
        self.length = _length(self.headers)
        tokens = {token.strip() for token in self.headers.get("connection", "").lower().split(",")}
        # Both of them: another program on the way may have understood the end of the body differently.
        self.keeps_open = (
            line[1] != b"0" and "close" not in tokens and not (self.is_chunked and self.length is not None)
        )

    @classmethod
    def take(cls, buffer: bytes) -> "tuple[Head, bytes] | None":
        """The head at the beginning of what has come, and what is after it; `None` if it is not complete.

        Raises:
            ProtocolError: It is none, or too long.
        """
        found = end_of_lines(buffer)
        if found is None:
            if len(buffer) > _MAX_BYTES:
                raise ProtocolError("a head that is too long")
            return None
        lines, end = found
        return cls(lines), buffer[end:]


def _length(headers: dict[str, str]) -> int | None:
    value = headers.get("content-length")
    if value is None:
        return None
    lengths = {length.strip(" \t") for length in value.split(",")}
    length = lengths.pop()
    if lengths:
        raise ProtocolError("lengths that contradict each other")
    if not (length.isascii() and length.isdecimal()) or len(length) > _MAX_LENGTH_DIGITS:
        raise ProtocolError("a length that is none")
    return int(length)
