"""AWS's runtime client with one more kind of result: a response that streams.

`awslambdaric` lets both halves be replaced: `bootstrap.run` takes the client, and the client's marshaller is
"a class attribute … to override the default implementation" (awslambdaric/lambda_runtime_client.py).
"""

import logging
import socket
from contextlib import suppress

from awslambdaric.lambda_runtime_client import LambdaRuntimeClient, LambdaRuntimeClientError
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

from streaming_runtime.chunked import ACCEPTED, ChunkedPost, connect, is_open
from streaming_runtime.errors import BODY_TRAILER, TYPE_TRAILER, error_trailers
from streaming_runtime.response import StartedResponse, StreamingResponse

_CONTENT_TYPE = "application/vnd.awslambda.http-integration-response"
_logger = logging.getLogger(__name__)


class StreamingMarshaller(LambdaMarshaller):  # type: ignore[misc]  # awslambdaric is untyped
    """Marshals a `StreamingResponse` by producing its first chunk; anything else as AWS does."""

    def marshal_response(self, response: object) -> tuple[object, str]:
        """Start a streaming response here, where an exception is still reported as the invocation's error."""
        if isinstance(response, StreamingResponse):
            return StartedResponse(response), _CONTENT_TYPE
        marshalled: tuple[object, str] = super().marshal_response(response)
        return marshalled


class StreamingRuntimeClient(LambdaRuntimeClient):  # type: ignore[misc]  # awslambdaric is untyped
    """Posts a started response chunk by chunk as its body produces them; anything else as AWS does."""

    marshaller = StreamingMarshaller()
    _ahead: socket.socket | None = None

    def wait_next_invocation(self) -> object:
        """Wait for an event, connected already for the response to it: its first chunk then has less to wait for."""
        if self._ahead is None:
            with suppress(OSError):  # whatever is wrong will be seen when there is a response
                self._ahead = connect(self.lambda_runtime_address)
        return super().wait_next_invocation()

    def post_invocation_result(
        self,
        invoke_id: str,
        result_data: object,
        content_type: str = "application/json",
        invocation_id: str | None = None,
    ) -> None:
        """Post one invocation's result.

        Raises:
            LambdaRuntimeClientError: The Runtime API did not accept the response.
            OSError: The Runtime API went away.
        """
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
            with ChunkedPost(self._connection(), self.lambda_runtime_address, endpoint, headers) as post:
                status, answer = _stream(post, result_data)
        finally:
            result_data.close()
        if status != ACCEPTED:
            raise LambdaRuntimeClientError(endpoint, status, answer)

    def _connection(self) -> socket.socket:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            if is_open(ahead):
                return ahead
            ahead.close()
        return connect(self.lambda_runtime_address)


def _stream(post: ChunkedPost, response: StartedResponse) -> tuple[int, bytes]:
    post.send(*response.head)
    chunks = iter(response)
    while True:
        try:
            chunk = next(chunks, None)
        except Exception as error:
            _logger.exception("The response broke off in mid-stream")
            return post.finish(error_trailers(error))
        if chunk is None:
            return post.finish()
        post.send(chunk)
