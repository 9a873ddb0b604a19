"""AWS's runtime client with one more kind of result: a response that streams.

`awslambdaric` lets both halves be replaced: `bootstrap.run` takes the client, and the client's marshaller is
"a class attribute … to override the default implementation" (awslambdaric/lambda_runtime_client.py).
"""

import logging
import math
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress

from awslambdaric.lambda_runtime_client import LambdaRuntimeClient
from awslambdaric.lambda_runtime_exception import FaultException
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

from streaming_runtime.chunked import ChunkedPost, connect, is_open
from streaming_runtime.errors import (
    BODY_TRAILER,
    TYPE_TRAILER,
    encodable,
    error_trailers,
    is_reportable,
    log,
    message_of,
)
from streaming_runtime.response import StartedResponse, StreamingResponse

# Before the invocation's own deadline, at which Lambda kills the process: until then whoever reads may be slow.
_MARGIN_SECONDS = 0.5

_CONTENT_TYPE = "application/vnd.awslambda.http-integration-response"


class StreamingMarshaller(LambdaMarshaller):  # type: ignore[misc]  # awslambdaric is untyped
    """Marshals a `StreamingResponse` by producing its first chunk; anything else as AWS does."""

    def marshal_response(self, response: object) -> tuple[object, str]:
        """Start a streaming response here, where an exception is still reported as the invocation's error.

        Raises:
            Exception: The response could not be started or marshalled.
        """
        if isinstance(response, StreamingResponse):
            return _started(response), _CONTENT_TYPE
        if isinstance(response, Iterator):
            message = f"A handler that streams returns StreamingResponse(...), not the {type(response).__name__} alone"
            raise FaultException(FaultException.MARSHAL_ERROR, message)
        document, content_type = super().marshal_response(response)
        return encodable(document) if isinstance(document, str) else document, content_type


class StreamingRuntimeClient(LambdaRuntimeClient):  # type: ignore[misc]  # awslambdaric is untyped
    """Posts a started response chunk by chunk as its body produces them; anything else as AWS does.

    No response ends the process, whatever becomes of it: only Lambda's refusal of the next event does.
    """

    marshaller = StreamingMarshaller()
    _ahead: socket.socket | None = None
    _until = math.inf

    def wait_next_invocation(self) -> object:
        """Wait for an event, connected already for the response to it: its first chunk then has less to wait for."""
        if self._ahead is None:
            with suppress(OSError):  # whatever is wrong will be seen when there is a response
                self._ahead = connect(self.lambda_runtime_address)
        event = super().wait_next_invocation()
        self._until = _end_of_waiting(getattr(event, "deadline_time_in_ms", None))
        return event

    def post_invocation_result(
        self,
        invoke_id: str,
        result_data: object,
        content_type: str = "application/json",
        invocation_id: str | None = None,
    ) -> None:
        """Post one invocation's result. That it could not be delivered is for the log."""
        if not isinstance(result_data, StartedResponse):
            super().post_invocation_result(invoke_id, result_data, content_type, invocation_id)
            return
        endpoint = f"/2018-06-01/runtime/invocation/{invoke_id}/response"
        headers = {
            "Content-Type": content_type,
            "Lambda-Runtime-Function-Response-Mode": "streaming",  # in lower case exactly
            "Trailer": f"{TYPE_TRAILER}, {BODY_TRAILER}",
        }
        if invocation_id:
            headers["Lambda-Runtime-Invocation-Id"] = invocation_id
        try:
            with ChunkedPost(self._connection(), self.lambda_runtime_address, endpoint, headers, self._until) as post:
                _stream(post, result_data)
        except Exception as error:  # noqa: BLE001  # the next event can be answered all the same
            _log_undelivered(error)
        finally:
            result_data.close()

    def handle_exception(
        self,
        exc: Exception,
        func_to_retry: Callable[[], object] | None = None,
        use_backoff: bool = False,  # noqa: FBT001, FBT002  # as awslambdaric declares it
    ) -> object:
        """Go on when the Runtime API did not take what AWS's client posted; end when there is no next event."""
        if func_to_retry or not isinstance(exc, RuntimeError):
            return super().handle_exception(exc, func_to_retry, use_backoff)
        _log_undelivered(exc)
        return None

    def _connection(self) -> socket.socket:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            if is_open(ahead):
                return ahead
            ahead.close()
        return connect(self.lambda_runtime_address)


def _end_of_waiting(deadline_ms: object) -> float:
    digits = str(deadline_ms)
    until = int(digits) / 1000 - _MARGIN_SECONDS if digits.isdecimal() else math.inf
    return until if until > time.time() else math.inf  # some emulators count from elsewhere


def _started(response: StreamingResponse) -> StartedResponse:
    try:
        return StartedResponse(response)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:
        if is_reportable(error):
            raise
        # AWS's report of the error itself would fail, and end the process.
        stack = traceback.format_tb(error.__traceback__)
        raise FaultException(type(error).__name__, encodable(message_of(error)), stack) from None


def _stream(post: ChunkedPost, response: StartedResponse) -> None:
    post.send(*response.head)
    chunks = iter(response)
    trailers: list[tuple[str, str]] = []
    while True:
        try:
            chunk = next(chunks, None)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001  # asyncio's CancelledError too
            log(logging.ERROR, "The response broke off in mid-stream", error)
            trailers = error_trailers(error)
            break
        if chunk is None:
            break
        post.send(chunk)
    post.finish(trailers)


def _log_undelivered(error: Exception) -> None:
    log(logging.WARNING, f"The response was not delivered: {message_of(error)}")
