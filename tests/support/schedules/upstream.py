"""A model's service that keeps to a plan, byte by byte."""

import socket
import struct
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

from tests.support.schedules.plan import Plan

_HOLD_SECONDS = 20.0
_POLL_SECONDS = 0.1


class PlannedUpstream:
    """Answers every request as the plan at hand says.

    Attributes:
        plan: What to do.
        asked: How many requests have come whole since the plan was set.
        answered: For each request, whether a byte of an answer was written.
        reused: For each request, whether it came over a connection that had carried another.
        hung_up: When the other side was seen to have closed; 0 if it was not.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._closed = False
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self.plan: Plan | None = None
        self._reset()

    def follow(self, plan: Plan) -> None:
        """Answer by this plan from now on, and count anew."""
        self._reset()
        self.plan = plan

    def _reset(self) -> None:
        self.asked = 0
        self.reused: list[bool] = []
        self.answered: list[bool] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closed = True
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        carried = 0
        with connection, suppress(OSError):
            file = connection.makefile("rb")
            while (plan := self._read_request(file)) is not None:
                self.asked += 1
                self.reused.append(carried > 0)
                self.answered.append(False)
                carried += 1
                if not self._answer(connection, plan):
                    return

    def _read_request(self, file: BinaryIO) -> Plan | None:
        length = 0
        line = file.readline()
        if not line:
            return None
        while (header := file.readline().strip()) != b"":
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        file.read(length)
        return self.plan

    def _answer(self, connection: socket.socket, plan: Plan) -> bool:
        """Whether the connection can carry another request."""
        frame = {
            "chunked": b"Transfer-Encoding: chunked\r\n",
            "length": b"Content-Length: %d\r\n" % len(plan.body),
            "close": b"Connection: close\r\n",
        }[plan.framing]
        connection.sendall(plan.head + frame + b"\r\n")
        self.answered[-1] = True
        for piece in plan.pieces:
            if self._wait(connection, piece.after):
                return False
            body = piece.written
            connection.sendall(b"%x\r\n%b\r\n" % (len(body), body) if plan.framing == "chunked" else body)
        if plan.end == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if plan.end == "cut":
            return False
        if plan.end == "hold":
            self._wait(connection, _HOLD_SECONDS)
            return False
        if plan.framing == "chunked":
            connection.sendall(b"0\r\n\r\n")
        return plan.framing != "close"

    def _wait(self, connection: socket.socket, seconds: float) -> bool:
        """Wait; whether the other side has closed meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(min(left, _POLL_SECONDS))
            try:
                if connection.recv(1, socket.MSG_PEEK) == b"":
                    return True
                time.sleep(min(left, _POLL_SECONDS))
            except TimeoutError:
                continue
            finally:
                connection.settimeout(30)
        return False
