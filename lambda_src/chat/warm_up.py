"""What the first request would wait for, done while Lambda is still fetching it: the key, the connection upstream.

With SnapStart the process is frozen after its start and continues many times, much later: nothing that grows old goes
into the snapshot, and the same is done after each restore instead.
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
"""

import os
import random
import threading
from collections.abc import Sequence
from typing import Protocol

from snapshot_restore_py import register_after_restore, register_before_snapshot


class Preparable(Protocol):
    """Something that can do beforehand what the first request needs."""

    def prepare(self) -> None:
        """Get ready. What fails is tried again by the first request, which says so."""

    def forget(self) -> None:
        """Close what would be dead after a restore, forget what may have changed by then."""


class WarmUp:
    """Gets everything ready, in the background; each thing in a thread of its own, as most of it is waiting."""

    def __init__(self, things: Sequence[Preparable]) -> None:
        self._things = things

    def begin(self) -> None:
        """Get ready now, and again after each restore; before a snapshot, undo it."""
        register_before_snapshot(self.forget)
        register_after_restore(self.resume)
        if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
            self.prepare()

    def prepare(self) -> None:
        """Begin to get ready."""
        for thing in self._things:
            threading.Thread(target=thing.prepare, name="warm-up", daemon=True).start()

    def forget(self) -> None:
        """Before a snapshot."""
        for thing in self._things:
            thing.forget()

    def resume(self) -> None:
        """After a restore: every copy of the snapshot has to draw other random numbers."""
        random.seed()
        self.prepare()
