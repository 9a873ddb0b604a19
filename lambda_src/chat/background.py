"""Reads a blocking source in a thread of its own, so that whoever waits for it can notice its silence."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from typing import Protocol


class Source(Protocol):
    """Something whose chunks come in their own time."""

    def __iter__(self) -> Iterator[bytes]:
        """The chunks."""

    def abort(self) -> None:
        """End the waiting for the next chunk, from another thread."""


class SilenceError(Exception):
    """Nothing came in the time given."""


class BackgroundReader:
    """The chunks of a source, taken with a time-out.

    Args:
        open_source: Opens the source, in the thread; what it or its chunks raise is raised by `get`.
    """

    def __init__(self, open_source: Callable[[], AbstractContextManager[Source]]) -> None:
        self._open_source = open_source
        self._source: Source | None = None
        self._queue: SimpleQueue[bytes | Exception | None] = SimpleQueue()
        self._closed = False
        threading.Thread(target=self._run, name="upstream", daemon=True).start()

    def get(self, timeout: float) -> bytes | None:
        """The next chunk, or `None` at the end.

        Args:
            timeout: Seconds to wait.

        Raises:
            SilenceError: Nothing came in that time; `get` may be called again.
            Exception: The source's.
        """
        try:
            item = self._queue.get(timeout=max(0.0, timeout))
        except Empty:
            raise SilenceError from None
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        """Stop reading, now if the source is open, else as soon as it is."""
        self._closed = True
        if self._source is not None:
            self._source.abort()

    def _run(self) -> None:
        try:
            with self._open_source() as source:
                self._source = source
                for chunk in source:
                    if self._closed:
                        return
                    self._queue.put(chunk)
                self._source = None  # read to its end: nothing to abort
            self._queue.put(None)
        except Exception as error:  # noqa: BLE001  # raised where it is waited for
            self._queue.put(error)
