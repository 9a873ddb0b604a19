"""A function of local's whose handler does what a test says: tests/support/handlers/emulated.py."""

from collections.abc import Callable
from pathlib import Path

from local.server import LocalLambda
from tests.support.raw_http import Answer, RawConnection

HANDLERS = Path(__file__).parent / "handlers"


class Emulated:
    """A running function and its log."""

    def __init__(self, server: LocalLambda, log: list[tuple[int, str]]) -> None:
        self.server = server
        self.log = log

    def connect(self) -> RawConnection:
        return RawConnection(self.server.port)

    def ask(self, action: str, body: str = "", **headers: str) -> tuple[Answer, bytes]:
        """Ask the handler for one of its actions."""
        with self.connect() as connection:
            connection.request("POST", f"/api/{action}", body.encode(), **headers)
            return connection.read()

    def has_logged(self, part: str) -> bool:
        return any(part in line for _, line in self.log)


Start = Callable[..., Emulated]
