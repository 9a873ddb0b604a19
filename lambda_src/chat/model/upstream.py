"""The model's service: raw bytes on success, our own errors otherwise."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from chat.errors import (
    ApiError,
    UpstreamError,
    UpstreamIncompleteError,
    UpstreamMalformedError,
    UpstreamTimeoutError,
    UpstreamUnreachableError,
)
from chat.http1.failure import ConnectTimeoutError, reason_of
from chat.http1.framing import ProtocolError
from chat.model.headers import passed_on
from chat.model.refusal import error_within, explained, refusal
from chat.model.service import Request, Service
from chat.model.transport import MAX_ANSWER_BYTES, BrokenOffError, HttpAnswer, ReportedError, Transport, rest_of

_REFUSAL_SECONDS = 5.0
_REFUSAL_BYTES = 65536

_HEADERS = {
    "content-type": "application/json",
    "accept": "application/json",
    "accept-encoding": "identity",
    "user-agent": "lambda-stream-chat",
}


class UpstreamAnswer:
    """The body of an answer, as it comes.

    Args:
        answer: Its head has come.
        service: Whose it is.
        ahead: What of the body has been read already.

    Attributes:
        headers: What of upstream's headers is for our client, clean.
    """

    def __init__(self, answer: HttpAnswer, service: Service, ahead: bytes) -> None:
        self.headers: Mapping[str, str] = passed_on(answer.headers, service.redact)
        self._answer = answer
        self._service = service
        self._ahead = ahead

    def read(self, seconds: float) -> bytes | None:
        """The next bytes, or `None` at the end.

        Raises:
            TimeoutError: Nothing came in this time; it may be called again.
            UpstreamIncompleteError: The connection broke, or what came is not HTTP.
            UpstreamError: The service says that it failed.
        """
        if self._ahead:
            ahead, self._ahead = self._ahead, b""
            return ahead
        try:
            chunk = self._answer.read(seconds)
        except TimeoutError:
            raise
        except (OSError, ProtocolError) as error:
            raise _broken_off(error) from None
        except ReportedError as error:
            raise refusal(error.status, self._answer.headers, error.body, self._service) from None
        if chunk is None:
            self.close()
        return chunk

    def close(self) -> None:
        """Keep the connection if the answer was read to its end, else hang up, which tells upstream to stop."""
        self._answer.close()


class Upstream:
    """The way to the model's service for one kind of answers, streamed ones or the others.

    Args:
        service: Who answers.
        transport: Makes the transport; called when the first answer needs it.
        seconds: How long the service may be silent, and for an answer that is not streamed, how long it may take.
        streamed: Whether the answers are.
    """

    def __init__(self, service: Service, transport: Callable[[], Transport], seconds: float, *, streamed: bool) -> None:
        self._service = service
        self._transport = transport
        self._seconds = seconds
        self._streamed = streamed

    def open(
        self, body: bytes, path: str = "/chat/completions", is_wanted: Callable[[], bool] = lambda: True
    ) -> UpstreamAnswer:
        """Ask for an answer.

        Args:
            body: The request as OpenAI's API takes it at `path`.
            path: After the service's base URL.
            is_wanted: Whether somebody still waits. Getting ready can take longer than that: what is asked too late is
                paid for in vain.

        Returns:
            The answer: a streamed one as soon as upstream has accepted the request, another when all of it has come.

        Raises:
            KeyUnavailableError: The key cannot be read.
            UpstreamError: Upstream cannot be reached, refuses, or breaks off.
        """
        try:
            return self._accepted(self._service.request(body, path), is_wanted)
        except ApiError:
            raise
        except ConnectTimeoutError as error:
            raise _unreachable(error) from None
        except TimeoutError as error:
            raise UpstreamTimeoutError(
                "The model's service did not answer in time. Try again.", reason=reason_of(error)
            ) from None
        except BrokenOffError as error:
            raise _broken_off(error) from None
        except (OSError, ProtocolError) as error:
            raise _unreachable(error) from None

    def explain(self, error: object) -> UpstreamError:
        """The error for our client when upstream has put `error`, of whatever shape, into its answer."""
        return explained(error, self._service)

    def _accepted(self, request: Request, is_wanted: Callable[[], bool]) -> UpstreamAnswer:
        answer = self._post(request, is_wanted)
        if answer.status == 401:  # noqa: PLR2004  # unauthorised
            renewed = self._service.renewed(request)
            if renewed is not None:
                answer.close()
                answer = self._post(renewed, is_wanted)
        try:
            return self._looked_into(answer, request)
        except BaseException:
            answer.close()
            raise

    def _looked_into(self, answer: HttpAnswer, request: Request) -> UpstreamAnswer:
        if not 200 <= answer.status < 300:  # noqa: PLR2004  # success
            raise self._refused(answer)
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise UpstreamMalformedError("The model's service sent a compressed answer.", reason="compressed")
        if request.translated is not None:
            answer = request.translated(answer)
        return UpstreamAnswer(answer, self._service, self._read_ahead(answer))

    def _refused(self, answer: HttpAnswer) -> UpstreamError:
        # No retries here: what upstream refuses goes to the client at once, and OpenAI's clients repeat by themselves.
        said = bytearray()
        with suppress(OSError, ProtocolError):  # what has come of its reason is better than nothing
            rest_of(answer, _REFUSAL_BYTES, _REFUSAL_SECONDS, said)
        return refusal(answer.status, answer.headers, bytes(said), self._service)

    def _post(self, request: Request, is_wanted: Callable[[], bool]) -> HttpAnswer:
        transport = self._transport()
        if not is_wanted():
            raise UpstreamIncompleteError("Nobody waits for this answer any more.", reason="not asked: too late")
        return transport.post(request.path, {**_HEADERS, **request.headers}, request.body, self._seconds)

    def _read_ahead(self, answer: HttpAnswer) -> bytes:
        """What must be known of an answer before it counts as one: that it is no error with status 200."""
        ahead = bytearray()
        try:
            if self._streamed:
                if "json" not in answer.headers.get("content-type", ""):
                    return b""
                ahead += answer.read(self._seconds) or b""
                if not ahead.lstrip().startswith((b"{", b"[")):
                    return bytes(ahead)
            rest_of(answer, MAX_ANSWER_BYTES, self._seconds, ahead)
        except TimeoutError:
            raise
        except (OSError, ProtocolError) as error:
            raise _broken_off(error) from None
        if len(ahead) > MAX_ANSWER_BYTES:
            raise UpstreamMalformedError("The model's service sent more than an answer may have.", reason="too long")
        body = bytes(ahead)
        if (found := error_within(body)) is not None:
            raise refusal(found[0], answer.headers, body, self._service)
        return body


def _broken_off(error: Exception) -> UpstreamIncompleteError:
    return UpstreamIncompleteError(
        "The model's service broke off in the middle of its answer.", reason=reason_of(error)
    )


def _unreachable(error: Exception) -> UpstreamUnreachableError:
    return UpstreamUnreachableError("The model's service cannot be reached. Try again later.", reason=reason_of(error))
