"""What a caller is told who is not let in. Who is let in and by whom is settled before anything upstream is touched."""

from chat.errors import ApiError


class AuthenticationError(ApiError):
    """Nobody knows who is asking."""

    status = 401
    kind = "authentication_error"


class MissingTokenError(AuthenticationError):
    """The request carries no bearer token."""

    code = "missing_token"

    def __init__(self) -> None:
        # Without an error code: https://www.rfc-editor.org/rfc/rfc6750#section-3.1
        super().__init__("Sign in first: this request needs a bearer token.", headers={"www-authenticate": "Bearer"})


class InvalidTokenError(AuthenticationError):
    """The token or key is not one of this deployment's, or no longer.

    Args:
        reason: For the log; the caller, who may be guessing, does not learn it.
        message: What the caller learns.
    """

    code = "invalid_token"

    def __init__(self, reason: str, message: str = "This token is not valid here. Sign in again.") -> None:
        super().__init__(message, headers={"www-authenticate": 'Bearer error="invalid_token"'}, reason=reason)


class ExpiredTokenError(InvalidTokenError):
    """The token is genuine, but its time is over: a new one will do."""

    code = "token_expired"

    def __init__(self) -> None:
        super().__init__("expired", "Your sign-in has expired. Sign in again.")


class NotInvitedError(ApiError):
    """The person is known, but not among those invited."""

    status = 403
    kind = "permission_error"
    code = "not_invited"

    def __init__(self) -> None:
        super().__init__("You are signed in, but not among the people invited to this chat.")


class SignInUnavailableError(ApiError):
    """The issuer's keys cannot be had, so that no token can be checked."""

    status = 503
    code = "sign_in_unavailable"

    def __init__(self) -> None:
        super().__init__("Sign-in cannot be checked at the moment. Try again shortly.", headers={"retry-after": "5"})
