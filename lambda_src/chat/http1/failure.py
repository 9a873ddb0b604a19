"""Why a request got no answer, in a few words for a log."""

import socket
import ssl

from chat.http1.framing import ProtocolError


class ConnectTimeoutError(TimeoutError):
    """No connection in the time given."""


def reason_of(error: BaseException) -> str:
    """A few words on what went wrong; never with what was sent or came."""
    match error:
        case ssl.SSLCertVerificationError():
            reason = f"certificate: {error.verify_message}"
        case ssl.SSLError():
            reason = f"tls: {error.reason or type(error).__name__}"
        case socket.gaierror():
            reason = f"dns: {error.strerror}"
        case ConnectTimeoutError():
            reason = "connect timeout"
        case TimeoutError():
            reason = "no answer in time"
        case ConnectionRefusedError():
            reason = "connection refused"
        case ProtocolError():
            reason = f"protocol: {error}"
        case OSError(strerror=str(text)):
            reason = text
        case _:
            reason = type(error).__name__
    return reason
