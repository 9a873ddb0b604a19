"""HTTP/1.1 over asyncio: chunks as they come and trailers, which the standard library's server lacks."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

import h11

Headers = Iterable[tuple[str, str]]

_READ_BYTES = 65536
_MAX_HEAD_BYTES = 65536
_LINGER_SECONDS = 0.5
_BODILESS = {204, 304}


class BodyTooLargeError(Exception):
    """The request's body is over the limit; it was read to its end all the same, so an answer gets through."""


class Exchange:
    """One request and its answer.

    Attributes:
        method: As sent, `GET`.
        target: Path and query, still percent-encoded.
        headers: Names in lower case, in the order sent.
        trailers: Filled once the body has been read to its end.
        status: Of the answer; 0 before it began.
    """

    def __init__(self, wire: "_Wire", request: h11.Request) -> None:
        self._wire = wire
        self.method = request.method.decode("ascii")
        self.target = request.target.decode("latin-1")
        self.headers = _decoded(request.headers)
        self.trailers: list[tuple[str, str]] = []
        self.status = 0

    def header(self, name: str) -> str:
        """All values of a header, joined by commas; empty when it is missing."""
        return ",".join(value for header, value in self.headers if header == name)

    @property
    def peer(self) -> tuple[str, int]:
        """Address and port of the client."""
        address = self._wire.writer.get_extra_info("peername") or ("127.0.0.1", 0)
        return address[0], address[1]

    @property
    def peer_has_left(self) -> bool:
        """Whether the client closed its side of the connection."""
        return self._wire.reader.at_eof() or self._wire.writer.is_closing()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The rest of the body, as it arrives.

        Raises:
            h11.RemoteProtocolError: The client broke off or broke the framing.
            OSError: The connection was reset.
        """
        while self._wire.protocol.their_state is h11.SEND_BODY:
            event = await self._wire.receive()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self.trailers = _decoded(event.headers)

    async def body(self, limit: int) -> bytes:
        """The whole body.

        Raises:
            BodyTooLargeError: It is longer than `limit` bytes.
        """
        body = bytearray()
        size = 0
        async for chunk in self.chunks():
            size += len(chunk)
            if size <= limit:
                body += chunk
        if size > limit:
            raise BodyTooLargeError
        return bytes(body)

    async def start(self, status: int, headers: Headers) -> None:
        """Begin an answer whose length is not known.

        Raises:
            h11.LocalProtocolError: A header that HTTP does not allow.
            OSError: The client is gone.
        """
        response = _response(status, headers)
        self.status = status
        await self._wire.send(response)

    async def write(self, data: bytes) -> None:
        """Send one chunk; dropped where the answer has no body (HEAD, 204, 304). Raises OSError as `start` does."""
        await self._wire.send(*self._data(data))

    async def end(self) -> None:
        """End the answer. Raises OSError as `start` does."""
        await self._wire.send(h11.EndOfMessage())

    async def respond(self, status: int, headers: Headers, body: bytes = b"") -> None:
        """Send a whole answer. Raises as `start` does."""
        length = [] if status in _BODILESS else [("content-length", str(len(body)))]
        response = _response(status, [*headers, *length])
        self.status = status
        await self._wire.send(response, *self._data(body), h11.EndOfMessage())

    async def respond_early(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole answer to a request that has not come to its end, and close: as Go's server does, not at once.

        The client has a moment to read the answer, which what it still sends would otherwise cut off.
        """
        await self.respond(status, headers, body)
        self._wire.writer.write_eof()
        await asyncio.sleep(_LINGER_SECONDS)
        self.break_off()

    def break_off(self) -> None:
        """Close the connection after what was sent, so that the client sees its answer is incomplete."""
        self._wire.protocol.send_failed()
        self._wire.writer.close()

    def _data(self, data: bytes) -> list[h11.Event]:
        has_body = data and self.method != "HEAD" and self.status not in _BODILESS
        return [h11.Data(data=data)] if has_body else []


class _Wire:
    """A connection: bytes on one side, HTTP events on the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, max_head_bytes: int) -> None:
        self.reader = reader
        self.writer = writer
        # asyncio does so itself only for sockets whose protocol number was given when they were made.
        with contextlib.suppress(OSError):  # the client has gone already
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.protocol = h11.Connection(h11.SERVER, max_incomplete_event_size=max_head_bytes)

    async def receive(self) -> object:
        """The next of h11's events, or h11.PAUSED after the request's end."""
        while (event := self.protocol.next_event()) is h11.NEED_DATA:
            if self.protocol.they_are_waiting_for_100_continue:
                await self.send(h11.InformationalResponse(status_code=100, headers=[]))
            self.protocol.receive_data(await self.reader.read(_READ_BYTES))
        return event

    @property
    def is_open(self) -> bool:
        """Whether the connection is there still; asyncio's own `is_closing` says no more than that it will not be."""
        return bool(self.writer.get_extra_info("socket").fileno() >= 0)

    async def send(self, *events: h11.Event) -> None:
        self.writer.write(b"".join(self.protocol.send(event) or b"" for event in events))
        await self.writer.drain()


Handler = Callable[[Exchange], Awaitable[None]]


@asynccontextmanager
async def serve(
    handle: Handler, sockets: Sequence[socket.socket], *, max_head_bytes: int = _MAX_HEAD_BYTES
) -> AsyncIterator[None]:
    """Answer requests on listening sockets while the context lasts; leaving it cuts every connection."""
    conversations: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = asyncio.create_task(_converse(handle, _Wire(reader, writer, max_head_bytes)))
        conversations.add(conversation)
        conversation.add_done_callback(conversations.discard)

    servers = [await asyncio.start_server(connected, sock=listener) for listener in sockets]
    try:
        yield
    finally:
        for server in servers:
            server.close()
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


async def _converse(handle: Handler, wire: _Wire) -> None:
    try:
        with contextlib.suppress(OSError):  # the client is gone
            await _answer_requests(handle, wire)
            wire.writer.close()
            await wire.writer.wait_closed()
    finally:
        if wire.is_open:  # abort() of a transport that has closed already fails on Python 3.11
            wire.writer.transport.abort()  # not to wait for a client that does not read


async def _answer_requests(handle: Handler, wire: _Wire) -> None:
    try:
        while isinstance(request := await wire.receive(), h11.Request):
            exchange = Exchange(wire, request)
            await handle(exchange)
            async for _ in exchange.chunks():
                pass  # a body the handler had no use for
            if wire.protocol.our_state is not h11.DONE:
                break
            wire.protocol.start_next_cycle()
    except h11.RemoteProtocolError as error:
        if wire.protocol.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            await wire.send(h11.Response(status_code=error.error_status_hint, headers=[("connection", "close")]))


def _response(status: int, headers: Headers) -> h11.Response:
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    return h11.Response(status_code=status, headers=encoded)


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("ascii"), value.decode("latin-1")) for name, value in headers]
