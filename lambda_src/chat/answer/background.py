"""Opens a source in the background, so that whoever waits for it can notice its silence."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol


class Source(Protocol):
    """Something whose chunks come in their own time."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What the client gets of the headers that came before them, clean."""

    def read(self, seconds: float) -> bytes | None:
        """The next chunk, or `None` at the end.

        Raises:
            TimeoutError: Nothing came in this time; it may be called again.
        """

    def close(self) -> None:
        """Stop reading; harmless at the end."""


class SilenceError(Exception):
    """Nothing came in the time given."""


class BackgroundReader:
    """The chunks of a source that takes its time to open, too.

    Only opening happens in another thread: a thread between every chunk and its reader costs more than all else that is
    done to the chunk (docs/performance.md).

    Args:
        open_source: Opens the source, in the background, and is given a way to ask whether it is still wanted; what it
            raises is raised by `get`.

    Attributes:
        headers: The source's, once it is open.
    """

    headers: Mapping[str, str] = {}  # never changed in place

    def __init__(self, open_source: Callable[[Callable[[], bool]], Source]) -> None:
        self._open_source = open_source
        self._source: Source | None = None
        self._error: Exception | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._opened = threading.Event()
        threading.Thread(target=self._open, name="upstream", daemon=True).start()

    def get(self, timeout: float) -> bytes | None:
        """The next chunk, or `None` at the end.

        Args:
            timeout: Seconds to wait.

        Raises:
            SilenceError: Nothing came in that time; `get` may be called again.
            Exception: The source's.
        """
        if self._source is None:
            until = time.monotonic() + timeout
            if not self._opened.wait(max(0.0, timeout)):
                raise SilenceError
            timeout = until - time.monotonic()
        if self._error:
            raise self._error
        if self._source is None:
            return None  # closed before it was open
        try:
            return self._source.read(max(0.001, timeout))
        except TimeoutError:
            raise SilenceError from None

    def close(self) -> None:
        """Stop reading, now if the source is open, else as soon as it is."""
        with self._lock:
            self._closed = True
            source, self._source = self._source, None
        if source is not None:
            source.close()

    def _open(self) -> None:
        try:
            source = self._open_source(lambda: not self._closed)
        except Exception as error:  # noqa: BLE001  # raised where it is waited for
            self._error = error
        else:
            with self._lock:
                closed = self._closed
                self.headers = source.headers
                self._source = None if closed else source
            if closed:
                source.close()
        self._opened.set()
