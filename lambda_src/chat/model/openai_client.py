"""Answers that are not streamed come through the `openai` client, imported with the first of them.

Streamed answers go byte by byte over a connection of ours, because importing the client takes longer than all else at a
cold start (docs/performance.md). Who waits for a whole answer does not notice.
"""

import time
from collections.abc import Iterator, Mapping
from typing import cast

import httpx2
import openai

from chat.http1.address import Address
from chat.http1.connection import tls
from chat.http1.failure import ConnectTimeoutError
from chat.http1.framing import ProtocolError
from chat.model.transport import MAX_ANSWER_BYTES, BrokenOffError

_OWN_HEADERS = "x-stainless-"  # what the client says of itself and the machine


class WholeAnswer:
    """A response that is there already.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
    """

    def __init__(self, response: httpx2.Response) -> None:
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self._body: bytes | None = response.content or None

    def read(self, _seconds: float) -> bytes | None:
        """The body, then `None`."""
        body, self._body = self._body, None
        return body

    def close(self) -> None:
        """Nothing is open."""


class OpenAIClient:
    """The `openai` client as a transport.

    Args:
        url: Base URL, its query included.
        connect_seconds: How long connecting may take.
        seconds: How long a whole answer may take.
    """

    def __init__(self, url: str, connect_seconds: float, seconds: float) -> None:
        self._address = Address(url)
        self._client = openai.OpenAI(
            api_key="in the headers of each request",
            base_url=url,
            max_retries=0,  # of our clients, OpenAI's own repeat by themselves
            timeout=openai.Timeout(seconds, connect=connect_seconds),
            http_client=httpx2.Client(transport=_Limited(seconds), trust_env=False),
        )

    def post(self, path: str, headers: Mapping[str, str], body: bytes, _seconds: float) -> WholeAnswer:
        """As `Transport.post`, but the whole answer is there when it returns."""
        try:
            response = self._client.post(
                self._address.url(path),
                cast_to=httpx2.Response,
                content=body,
                options={"headers": headers, "follow_redirects": False},
            )
        except openai.APIStatusError as error:
            response = error.response
        except openai.APITimeoutError as error:
            raise (
                ConnectTimeoutError if isinstance(error.__cause__, httpx2.ConnectTimeout) else TimeoutError
            ) from None
        except openai.APIConnectionError as error:
            raise _origin(error) from None
        return WholeAnswer(response)


class _Limited(httpx2.BaseTransport):
    """A transport whose answers end, in size and in time; of compressed ones, which may grow, nothing is read."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # No connection is kept: one that has died meanwhile could not be told from one that breaks.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._transport = httpx2.HTTPTransport(verify=tls(), limits=limits)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request."""
        deadline = time.monotonic() + self._seconds
        for name in [name for name in request.headers if name.startswith(_OWN_HEADERS)]:
            del request.headers[name]
        response = self._transport.handle_request(request)
        stream = cast("httpx2.SyncByteStream", response.stream)
        limit = 0 if "content-encoding" in response.headers else MAX_ANSWER_BYTES
        response.stream = _LimitedBody(stream, limit, deadline, is_answer=response.is_success)
        return response

    def close(self) -> None:
        """Close its connections."""
        self._transport.close()


class _LimitedBody(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, limit: int, deadline: float, *, is_answer: bool) -> None:
        self._stream = stream
        self._left = limit
        self._deadline = deadline
        self._is_answer = is_answer

    def __iter__(self) -> Iterator[bytes]:
        if not self._left:
            return
        try:
            for piece in self._stream:
                yield piece
                self._left -= len(piece)
                if self._left < 0:  # whoever reads it sees that it is too long
                    return
                if time.monotonic() > self._deadline:
                    raise httpx2.ReadTimeout("the whole answer took too long")
        except httpx2.TransportError as error:
            if not self._is_answer:
                return  # the beginning of a refusal is better than nothing
            if isinstance(error, httpx2.TimeoutException):
                raise
            raise BrokenOffError(str(error)) from None

    def close(self) -> None:
        self._stream.close()


def _origin(error: BaseException) -> Exception:
    """What an error of the client's comes from, as far as it is one of the system's."""
    while (cause := error.__cause__ or error.__context__) is not None:
        if isinstance(cause, OSError | ProtocolError):
            return cause
        error = cause
    return ProtocolError(str(error) or type(error).__name__)
