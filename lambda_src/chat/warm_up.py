"""What the first request would wait for, done while Lambda is still fetching it: the key, the connection upstream.

With SnapStart the process is frozen after its start and continues many times, much later: nothing that grows old goes
into the snapshot, and the same is done after each restore instead.
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import os
import random
import threading
from contextlib import suppress
from typing import Protocol

from snapshot_restore_py import register_after_restore, register_before_snapshot

from chat.model.api_key import ApiKey
from chat.model.upstream import Upstream


class Preparable(Protocol):
    """Something that can do beforehand what the first request needs."""

    def prepare(self) -> None:
        """Get ready; what fails is tried again when it is needed."""

    def forget(self) -> None:
        """Undo what would not outlive a snapshot."""


class WarmUp:
    """Gets everything ready, in the background.

    Args:
        key: Is read.
        upstream: Is connected to.
        others: Whatever else can get ready.
    """

    def __init__(self, key: ApiKey, upstream: Upstream, *others: Preparable) -> None:
        self._key = key
        self._upstream = upstream
        self._others = others

    def begin(self) -> None:
        """Get ready now, and again after each restore; before a snapshot, undo it."""
        register_before_snapshot(self.forget)
        register_after_restore(self.resume)
        if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
            self.prepare()

    def prepare(self) -> None:
        """Read the key and connect. What fails is tried again by the first request, which tells of it."""
        for work in (self._key.read_ahead, self._connect, *(other.prepare for other in self._others)):
            threading.Thread(target=work, name="warm-up", daemon=True).start()

    def forget(self) -> None:
        """Before a snapshot: close what would be dead after a restore, forget what may have changed by then."""
        self._upstream.disconnect()
        self._key.forget()
        for other in self._others:
            other.forget()

    def resume(self) -> None:
        """After a restore: every copy of the snapshot has to draw other random numbers."""
        random.seed()
        self.prepare()

    def _connect(self) -> None:
        with suppress(OSError):
            self._upstream.connect_ahead()
