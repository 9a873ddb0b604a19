"""The same answer in each of the ways that HTTP/1.1 has of saying where a body ends."""

BODY = b"data: one\n\ndata: \xe4\xba\x8c\n\n"
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n" + BODY
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    b"b;name=value\r\ndata: one\n\n\r\n00B\r\ndata: \xe4\xba\x8c\n\n\r\n0\r\nTrailer: x\r\n\r\n"
)
UNTIL_CLOSE = b"HTTP/1.0 200 OK\r\n\r\n" + BODY
