"""Listening where only this machine can reach, under every name it has for itself."""

import contextlib
import errno
import socket
from urllib.parse import urlsplit

_TRIES = 10
MAX_PORT = 65535
_NAMES = {"localhost", "127.0.0.1", "::1"}


class PortTakenError(Exception):
    """Another program listens on the port.

    Attributes:
        port: The port asked for.
    """

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken by another program")
        self.port = port


def listen(port: int = 0) -> list[socket.socket]:
    """Listen on 127.0.0.1 and, where the machine has it, ::1: `localhost` may mean either.

    Args:
        port: 0 picks a free one, the same on both addresses.

    Raises:
        PortTakenError: The port is in use on one of them.
    """
    for _ in range(_TRIES):
        first = _bind(socket.AF_INET, "127.0.0.1", port)
        chosen: int = first.getsockname()[1]
        try:
            return [first, _bind(socket.AF_INET6, "::1", chosen)]
        except PortTakenError:
            first.close()
            if port:
                raise
        except OSError:  # no IPv6 here
            return [first]
    raise PortTakenError(port)


def free_port_after(port: int) -> int:
    """The next port that nobody listens on."""
    while True:
        port = (port + 1) % (MAX_PORT + 1) or 1024
        with contextlib.suppress(PortTakenError, PermissionError):
            for listener in listen(port):
                listener.close()
            return port


def is_own_name(authority: str) -> bool:
    """Whether a Host header or an origin's `host:port` names this machine.

    Any other name got here by a DNS answer that points to 127.0.0.1, which is how a foreign page would read a local
    server's answers (DNS rebinding).
    """
    try:
        return urlsplit(f"//{authority}").hostname in _NAMES
    except ValueError:
        return False


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(port) from error
        raise
