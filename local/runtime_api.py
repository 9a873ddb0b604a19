"""Lambda's Runtime API for one execution environment: hands invocations to a runtime and takes its answers.

Paths: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. States and refusals are those of AWS's own server
(aws-lambda-runtime-interface-emulator), with one difference: an `/error` after the `/response` began is refused where
AWS's server hangs.
"""

import json
import time

import h11

from local.http1 import BodyTooLargeError, Exchange
from local.invocation import Failure, Invocation
from local.lifecycle import Lifecycle, State

MAX_BUFFERED_BYTES = 6 * 1024 * 1024 + 100
_MAX_TRAILER_BYTES = 4096
_TRUNCATED = Failure("Runtime.TruncatedResponse")
_ERROR_TYPE = "lambda-runtime-function-error-type"
_JSON = ("content-type", "application/json")
_PREFIX = "/2018-06-01/runtime/"


class RuntimeApi:
    """Answers the requests of one runtime.

    Args:
        life: Of the environment that the runtime runs in.
        arn: The function's ARN.
        timeout_seconds: How long one invocation may take.
    """

    def __init__(self, life: Lifecycle, arn: str, timeout_seconds: float) -> None:
        self._life = life
        self._arn = arn
        self._timeout = timeout_seconds

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        _, _, path = exchange.target.partition(_PREFIX)  # the address may carry a path of its own
        match exchange.method, *path.split("/"):
            case "GET", "invocation", "next":
                await self._next(exchange)
            case "POST", "invocation", request_id, "response":
                await self._response(exchange, request_id)
            case "POST", "invocation", request_id, "error":
                await self._error(exchange, request_id)
            case ("POST", "init", "error") | ("POST", "restore", "error"):
                await self._init_error(exchange)
            case "GET", "restore", "next":  # SnapStart: the snapshot is taken and restored in no time
                await exchange.respond(200, [_JSON])
            case _:
                await _refuse(exchange, 404, "NotFound", "No such endpoint")

    async def _next(self, exchange: Exchange) -> None:
        if self._life.state not in {State.STARTING, State.IDLE, State.FINISHING}:
            await self._forbid(exchange, "Ready")
            return
        invocation = await self._life.next_invocation(lambda: not exchange.peer_has_left)
        headers = [
            ("lambda-runtime-aws-request-id", invocation.request_id),
            ("lambda-runtime-invocation-id", invocation.invocation_id),
            ("lambda-runtime-deadline-ms", str(int((time.time() + self._timeout) * 1000))),
            ("lambda-runtime-invoked-function-arn", self._arn),
            ("lambda-runtime-trace-id", _trace_id(invocation)),
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
                async for chunk in exchange.chunks():
                    await invocation.write(chunk)
            else:
                await invocation.write(await exchange.body(MAX_BUFFERED_BYTES))
        except BodyTooLargeError:
            message = f"Exceeded maximum allowed payload size ({MAX_BUFFERED_BYTES} bytes)."
            self._life.state = State.FINISHING
            await self._life.fail(Failure("Function.ResponseSizeTooLarge", message))
            await _refuse(exchange, 413, "RequestEntityTooLarge", message)
            return
        except (h11.RemoteProtocolError, OSError):
            self._life.state = State.FINISHING
            await self._life.fail(_TRUNCATED)
            raise
        self._life.state = State.FINISHING  # before the client sees the end, and may send its next request
        await self._close(invocation, exchange)
        await _accept(exchange)

    async def _close(self, invocation: Invocation, exchange: Exchange) -> None:
        """End an answer: completely, unless its trailers are longer than Lambda reads.

        An error in the trailers is for the log: the body ends like any other, and only what the function wrote into the
        body itself tells the client.
        """
        declared = {name.strip().lower() for name in exchange.header("trailer").split(",")}
        trailers = {name: value for name, value in exchange.trailers if name in declared}
        if sum(map(len, trailers.values())) > _MAX_TRAILER_BYTES:
            await self._life.fail(_TRUNCATED)
        elif kind := trailers.get(_ERROR_TYPE):
            self._life.report(Failure(kind, "after the response began"))
        await invocation.finish()

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
    await exchange.respond(status, [_JSON], json.dumps({"errorMessage": message, "errorType": kind}).encode())


async def _drain(exchange: Exchange) -> None:
    async for _ in exchange.chunks():
        pass


def _trace_id(invocation: Invocation) -> str:
    digits = invocation.request_id.replace("-", "")
    return f"Root=1-{int(time.time()):08x}-{digits[:24]};Parent={digits[-16:]};Sampled=0"
