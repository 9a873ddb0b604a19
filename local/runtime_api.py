"""Lambda's Runtime API for one execution environment: hands invocations to a runtime and takes its answers.

Paths: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. States and refusals are those of AWS's own server
(aws-lambda-runtime-interface-emulator), with one difference: an `/error` after the `/response` began is refused where
AWS's server hangs.
"""

import json

import h11

from local.http1 import BodyTooLargeError, Exchange
from local.invocation import ClientLeftError, Failure, Invocation
from local.lifecycle import Lifecycle, State
from local.throttle import Bandwidth, Throttle

MAX_BUFFERED_BYTES = 6 * 1024 * 1024 + 100
MAX_HEAD_BYTES = 1024 * 1024 + 4096  # an error's X-Ray cause is a header
_MAX_TRAILER_BYTES = 4096  # of all trailer lines, with the empty line after them
_TRUNCATED = Failure("Runtime.TruncatedResponse")
_ERROR_TYPE = "lambda-runtime-function-error-type"
_JSON = ("content-type", "application/json")
_PREFIX = "/2018-06-01/runtime/"


class RuntimeApi:
    """Answers the requests of one runtime.

    Args:
        life: Of the environment that the runtime runs in.
        arn: The function's ARN.
        bandwidth: How fast a streamed response passes.
        snap_start: Whether the environment comes out of a snapshot.
    """

    def __init__(self, life: Lifecycle, arn: str, bandwidth: Bandwidth, *, snap_start: bool) -> None:
        self._life = life
        self._arn = arn
        self._bandwidth = bandwidth
        self._snap_start = snap_start

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        path = exchange.target.partition("?")[0]
        endpoint = path.removeprefix(_PREFIX).split("/") if path.startswith(_PREFIX) else []
        match exchange.method, *endpoint:
            case "GET", "invocation", "next":
                await self._next(exchange)
            case "POST", "invocation", request_id, "response":
                await self._response(exchange, request_id)
            case "POST", "invocation", request_id, "error":
                await self._error(exchange, request_id)
            case "POST", "init", "error":
                await self._init_error(exchange)
            case "POST", "restore", "error" if self._snap_start:
                await self._init_error(exchange)
            case "GET", "restore", "next" if self._snap_start:  # the snapshot is taken and restored in no time
                await exchange.respond(200, [_JSON])
            case _:
                await _refuse(exchange, 404, "NotFound", "No such endpoint")

    async def _next(self, exchange: Exchange) -> None:
        if self._life.state in {State.RESPONDING, State.FAILED}:
            await self._forbid(exchange, "Ready")
            return
        invocation = await self._life.next_invocation(lambda: not exchange.peer_has_left)
        headers = [
            ("lambda-runtime-aws-request-id", invocation.request_id),
            ("lambda-runtime-invocation-id", invocation.invocation_id),
            ("lambda-runtime-deadline-ms", str(self._life.deadline_ms)),
            ("lambda-runtime-invoked-function-arn", self._arn),
            ("lambda-runtime-trace-id", invocation.trace_id),
            _JSON,
        ]
        await exchange.respond(200, headers, invocation.event)

    async def _response(self, exchange: Exchange, request_id: str) -> None:
        invocation = await self._claim(exchange, request_id, "InvocationResponse")
        if not invocation:
            return
        mode = exchange.header("lambda-runtime-function-response-mode")
        if mode not in {"", "streaming"}:  # in this spelling only; the environment is stuck then, as AWS's is
            await self._life.fail(Failure("Runtime.InvalidResponseModeHeader"))
            await _refuse(exchange, 400, "InvalidFunctionResponseMode", "Invalid function response mode")
            return
        await invocation.answer.begin(exchange.header("content-type"), streaming=bool(mode))
        try:
            if mode:
                throttle = Throttle(self._bandwidth)
                async for chunk in exchange.chunks():
                    await throttle.take(len(chunk))
                    await invocation.write(chunk)
            else:
                await invocation.write(await exchange.body(MAX_BUFFERED_BYTES))
        except BodyTooLargeError:
            message = f"Exceeded maximum allowed payload size ({MAX_BUFFERED_BYTES} bytes)."
            self._life.state = State.FINISHING
            await self._life.fail(Failure("Function.ResponseSizeTooLarge", message))
            await _refuse(exchange, 413, "RequestEntityTooLarge", message)
            return
        except ClientLeftError:
            await self._truncate(exchange)
            return
        except (h11.RemoteProtocolError, OSError):
            self._life.state = State.FINISHING
            await self._life.fail(_TRUNCATED)
            raise
        if _size(exchange.trailers) > _MAX_TRAILER_BYTES:
            await self._truncate(exchange)
            return
        self._life.state = State.FINISHING  # before the client sees the end, and may send its next request
        self._report_trailers(exchange)
        await invocation.finish()
        await _accept(exchange)

    async def _truncate(self, exchange: Exchange) -> None:
        """End an answer without its end: what the runtime posted cannot all be passed on."""
        self._life.state = State.FINISHING
        await self._life.fail(_TRUNCATED)
        await exchange.respond_early(400, [_JSON], _error("TruncatedHTTPRequest", "HTTP request detected as truncated"))

    def _report_trailers(self, exchange: Exchange) -> None:
        """Put an error that they tell into the log.

        The body ends like any other: only what the function wrote into the body itself tells the client.
        """
        declared = {name.strip().lower() for name in exchange.header("trailer").split(",")}
        if (kind := dict(exchange.trailers).get(_ERROR_TYPE)) and _ERROR_TYPE in declared:
            self._life.report(Failure(kind, "after the response began"))

    async def _error(self, exchange: Exchange, request_id: str) -> None:
        if await self._claim(exchange, request_id, "InvocationErrorResponse"):
            await _drain(exchange)
            self._life.state = State.FINISHING
            await self._life.fail(Failure(exchange.header(_ERROR_TYPE) or "Unhandled"))
            await _accept(exchange)

    async def _init_error(self, exchange: Exchange) -> None:
        if self._life.state is not State.STARTING:
            await self._forbid(exchange, "InitError")
            return
        self._life.state = State.FAILED
        await self._life.fail(Failure(exchange.header(_ERROR_TYPE) or "Runtime.Unknown", "while it initialized"))
        await _accept(exchange)

    async def _claim(self, exchange: Exchange, request_id: str, to: str) -> Invocation | None:
        """The invocation that the runtime answers; None after a refusal."""
        invocation = self._life.current
        echoed = exchange.header("lambda-runtime-invocation-id")
        if self._life.state is State.STARTING or not invocation or invocation.request_id != request_id:
            await _refuse(exchange, 400, "InvalidRequestID", "Invalid request ID")
        elif echoed and echoed != invocation.invocation_id:
            await _refuse(exchange, 410, "InvokeTimeout", "Invoke timeout")
        elif self._life.state is not State.BUSY:
            await self._forbid(exchange, to)
        else:
            self._life.state = State.RESPONDING
            return invocation
        return None

    async def _forbid(self, exchange: Exchange, to: str) -> None:
        message = f"Transition from {self._life.state} to {to} is not allowed for the runtime"
        await _refuse(exchange, 403, "InvalidStateTransition", message)


async def _accept(exchange: Exchange) -> None:
    await _drain(exchange)
    await exchange.respond(202, [_JSON], b'{"status":"OK"}\n')


async def _refuse(exchange: Exchange, status: int, kind: str, message: str) -> None:
    await _drain(exchange)
    await exchange.respond(status, [_JSON], _error(kind, message))


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"errorMessage": message, "errorType": kind}).encode()


def _size(trailers: list[tuple[str, str]]) -> int:
    """How many bytes the trailer lines take, with the empty line that ends them."""
    return sum(len(f"{name}: {value}\r\n") for name, value in trailers) + len("\r\n")


async def _drain(exchange: Exchange) -> None:
    async for _ in exchange.chunks():
        pass
