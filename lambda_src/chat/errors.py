"""The errors that are not one room's own, and the one place where an error becomes OpenAI's wire shape."""

from typing import ClassVar

_MAX_CODE_CHARS = 64  # upstream's may be anything, and it goes to the log
_MAX_REASON_CHARS = 200


class ApiError(Exception):
    """An error that the client gets; the message is written for the person who reads it.

    Attributes:
        status: HTTP status, as far as no other has been sent.
        kind: OpenAI's `error.type`.
        code: OpenAI's `error.code`, stable for programs.
        param: The request parameter at fault, if one is.
        headers: Extra response headers.
        reason: For the log line only, e.g. `connection refused`: what the operator needs, never content. One line of at
            most 200 characters.
    """

    status: int = 500
    kind: str = "server_error"
    code: str = "internal_error"

    def __init__(  # noqa: PLR0913  # all that a client gets, by name
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        headers: dict[str, str] | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status or self.status
        self.code = _one_line(code, _MAX_CODE_CHARS) if code else self.code
        self.param = param
        self.headers = headers or {}
        self.reason = _one_line(reason, _MAX_REASON_CHARS) if reason else None

    @property
    def is_fault(self) -> bool:
        """Whether it is this deployment's or its upstream's, not the caller's: what an alarm counts."""
        return self.status >= 500  # noqa: PLR2004  # server errors

    def wire(self) -> dict[str, object]:
        """OpenAI's error object: `{"error": {"message", "type", "code", "param"}}`."""
        return {"error": {"message": self.message, "type": self.kind, "code": self.code, "param": self.param}}


class InternalError(ApiError):
    """A defect of ours; the log has the traceback, the client has not."""

    def __init__(self) -> None:
        super().__init__("Something went wrong in this deployment. Its log has the details.")


class InvalidRequestError(ApiError):
    """The request cannot be understood or is not allowed."""

    status = 400
    kind = "invalid_request_error"
    code = "invalid_request"


class UnknownPathError(InvalidRequestError):
    """No such route."""

    status = 404
    code = "unknown_path"


class MethodNotAllowedError(InvalidRequestError):
    """The route exists, for other methods."""

    status = 405
    code = "method_not_allowed"


class TooLargeError(InvalidRequestError):
    """The input is over this deployment's limit."""

    status = 413
    code = "input_too_large"


class UnknownModelError(InvalidRequestError):
    """The model is not on this deployment's list."""

    status = 404
    code = "model_not_found"


class KeyUnavailableError(ApiError):
    """The upstream API key cannot be read."""

    status = 503
    code = "api_key_unavailable"


class DeadlineError(ApiError):
    """The function's own time is over."""

    status = 504
    kind = "timeout_error"
    code = "deadline_exceeded"


class UpstreamError(ApiError):
    """The model's service failed."""

    status = 502
    kind = "upstream_error"
    code = "upstream_error"


class UpstreamRefusedError(UpstreamError):
    """The model's service answered with an error status, passed on as it is where the client can act on it."""

    KINDS: ClassVar[dict[int, str]] = {
        401: "authentication_error",
        403: "permission_error",
        429: "rate_limit_error",
    }

    @property
    def kind(self) -> str:  # type: ignore[override]  # depends on the status
        """OpenAI's type for the status."""
        if self.status >= 500:  # noqa: PLR2004  # server errors
            return "upstream_error"
        return self.KINDS.get(self.status, "invalid_request_error")

    @property
    def is_fault(self) -> bool:
        """The key and its quota are the deployment's; the rest of what is refused is the caller's request."""
        return super().is_fault or self.status in self.KINDS


class NotOfferedError(InvalidRequestError):
    """The model's service lacks this part of the API."""

    status = 404
    code = "not_offered_by_upstream"


class UpstreamUnreachableError(UpstreamError):
    """No connection to the model's service."""

    code = "upstream_unreachable"


class UpstreamTimeoutError(UpstreamError):
    """The model's service was silent for too long."""

    status = 504
    kind = "timeout_error"
    code = "upstream_timeout"


class UpstreamMalformedError(UpstreamError):
    """The model's service sent something that is not the protocol."""

    code = "upstream_malformed"


class UpstreamIncompleteError(UpstreamError):
    """The answer ended before it was complete."""

    code = "upstream_incomplete"


class AnswerInterruptedError(Exception):
    """Raised into the runtime after an error was sent in-band, so that Lambda counts the invocation as failed.

    Carries the error's code only: the runtime logs its message.
    """


def _one_line(text: str, max_chars: int) -> str:
    return "".join(char if char.isprintable() else " " for char in text[:max_chars])
