"""A Lambda Function URL in RESPONSE_STREAM mode: a request in, the function's answer out as it comes."""

import hashlib
import json
from collections.abc import Awaitable, Callable

import h11

from local.cors import Cors
from local.decoding import Decoder, Head, MalformedAnswerError, decoder
from local.event import function_url_event
from local.http1 import BodyTooLargeError, Exchange
from local.invocation import ClientLeftError, Failure, ThrottledError
from local.pool import Pool

MAX_EVENT_BYTES = 6 * 1024 * 1024
_JSON = [("content-type", "application/json")]
_THROTTLED = {"Reason": "ConcurrentInvocationLimitExceeded", "Type": "User", "message": "Rate Exceeded."}


class SignatureError(Exception):
    """`x-amz-content-sha256` is not the body's hash.

    CloudFront signs a POST with that header (origin access control), and Lambda refuses it if it is wrong. Here it may
    be missing, which CloudFront does not allow, so that a plain curl will do.
    """


class FunctionUrl:
    """Turns requests into invocations.

    Args:
        pool: Runs them.
        cors: The URL's cross-origin rules.
        report: Takes a line for the log about an answer that cannot be passed on.
        tells_of_leaving: Whether a function learns that its client has left.
    """

    def __init__(self, pool: Pool, cors: Cors, report: Callable[[str], None], *, tells_of_leaving: bool) -> None:
        self._pool = pool
        self._cors = cors
        self._tells_of_leaving = tells_of_leaving
        self._report = report

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request; returns when the function is done, even if the client has long gone."""
        extra = self._cors.answer_headers(exchange)
        if self._cors.is_preflight(exchange):
            await exchange.respond(200, extra)
            return
        try:
            event = await _read_event(exchange)
            answer = UrlAnswer(exchange, extra, self._report, tells_of_leaving=self._tells_of_leaving)
            invocation = await self._pool.invoke(event, answer)
        except BodyTooLargeError:
            await exchange.respond(413, [*_JSON, *extra], b'{"message":"Request Entity Too Large"}')
        except SignatureError:
            await exchange.respond(403, [*_JSON, *extra], b'{"message":"The request signature does not match."}')
        except ThrottledError:
            await exchange.respond(429, [*_JSON, *extra], json.dumps(_THROTTLED).encode())
        else:
            await invocation.done.wait()


class UrlAnswer:
    """Passes what a function sends on to the client, chunk by chunk.

    Args:
        exchange: With the client.
        extra: Headers to add.
        report: Takes a line for the log about an answer that cannot be passed on.
        tells_of_leaving: Whether the function learns that the client has left.
    """

    def __init__(
        self,
        exchange: Exchange,
        extra: list[tuple[str, str]],
        report: Callable[[str], None],
        *,
        tells_of_leaving: bool,
    ) -> None:
        self._exchange = exchange
        self._tells_of_leaving = tells_of_leaving
        self._extra = extra
        self._report = report
        self._decoder: Decoder | None = None
        self._over = False
        self._client_left = False

    async def begin(self, content_type: str, *, streaming: bool) -> None:
        """The function starts its answer."""
        self._decoder = decoder(content_type, streaming=streaming)

    async def write(self, data: bytes) -> None:
        """The next bytes of it."""
        if not self._over:
            await self._try(self._write(data))
        if self._client_left and self._tells_of_leaving:
            raise ClientLeftError

    async def end(self) -> None:
        """It is complete."""
        if not self._over:
            await self._try(self._end())
            self._over = True

    async def fail(self, failure: Failure) -> None:
        """There will be no more of it: 502 if nothing was sent yet, else the connection ends without an end of body."""
        del failure  # for the log, not for the client
        if not self._over:
            self._over = True
            await self._try(self._refuse())

    async def _write(self, data: bytes) -> None:
        if not self._decoder:
            await self._exchange.write(data)
        elif found := self._decoder.feed(data):
            await self._start(*found)

    async def _end(self) -> None:
        if self._decoder:
            await self._start(*self._decoder.finish())
        await self._exchange.end()

    async def _refuse(self) -> None:
        if self._exchange.status:
            self._exchange.break_off()
        else:
            await self._exchange.respond(502, [*_JSON, *self._extra], b"Internal Server Error")

    async def _try(self, step: Awaitable[None]) -> None:
        try:
            await step
        except OSError:
            self._over = self._client_left = True
        except (MalformedAnswerError, UnicodeError, h11.LocalProtocolError) as error:
            self._report(f"The function's answer cannot be passed on: {error}")
            await self.fail(Failure("Runtime.MalformedResponse"))

    async def _start(self, head: Head, body: bytes) -> None:
        self._decoder = None
        await self._exchange.start(head.status, [*head.headers, *self._extra])
        await self._exchange.write(body)


async def _read_event(exchange: Exchange) -> bytes:
    """Read a request as an event; the limit holds for both.

    Raises:
        BodyTooLargeError: One of them is over it.
        SignatureError: The body is not the one that the client hashed.
    """
    body = await exchange.body(MAX_EVENT_BYTES)
    if exchange.header("x-amz-content-sha256") not in {"", hashlib.sha256(body).hexdigest()}:
        raise SignatureError
    event = function_url_event(exchange, body)
    if len(event) > MAX_EVENT_BYTES:
        raise BodyTooLargeError
    return event
