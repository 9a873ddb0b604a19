"""How long an answer may take: the limits on silence and on the whole, kept in one place."""

import time
from collections.abc import Mapping
from contextlib import suppress

from chat.answer.background import BackgroundReader, SilenceError
from chat.errors import DeadlineError, UpstreamTimeoutError


class TimedReader:
    """Upstream's bytes, as long as they come in time.

    Args:
        reader: Where they come from.
        silence_seconds: The longest silence accepted. Only waiting counts, not the time that a slow client takes.
        deadline: When the answer must have ended, on `time.monotonic`'s clock.
    """

    def __init__(self, reader: BackgroundReader, silence_seconds: float, deadline: float) -> None:
        self._reader = reader
        self._silence_seconds = silence_seconds
        self._silence_left = silence_seconds
        self._deadline = deadline

    @property
    def headers(self) -> Mapping[str, str]:
        """What of upstream's headers is for the client, as far as they have come."""
        return self._reader.headers

    def next(self, seconds: float) -> bytes | None:
        """The next chunk, or `None` at the end.

        Args:
            seconds: How long to wait at most.

        Raises:
            SilenceError: Nothing came in that time, and there is time left.
            DeadlineError: The time for the answer is over, whether or not anything has come.
            UpstreamTimeoutError: Upstream was silent for too long.
            ApiError: Upstream's.
        """
        begun = time.monotonic()
        if begun >= self._deadline:
            raise self._too_long()
        try:
            chunk = self._reader.get(min(seconds, self._silence_left, self._deadline - begun))
        except SilenceError:
            now = time.monotonic()
            self._silence_left -= now - begun
            if now >= self._deadline:
                raise self._too_long() from None
            if self._silence_left <= 0:
                raise UpstreamTimeoutError(
                    f"The model's service was silent for {self._silence_seconds:g} seconds. Try again."
                ) from None
            raise
        self._silence_left = self._silence_seconds
        return chunk

    def rest(self) -> bytes:
        """All that is still to come, as one; closes the reader.

        Raises:
            ApiError: As `next`.
        """
        chunks: list[bytes] = []
        try:
            while True:
                try:
                    chunk = self.next(self._silence_seconds)
                except SilenceError:
                    continue
                if chunk is None:
                    return b"".join(chunks)
                chunks.append(chunk)
        finally:
            self.close()

    def drain(self, seconds: float) -> None:
        """Give an answer that is over so many seconds to end in HTTP too: its connection can then be used again."""
        until = time.monotonic() + seconds
        with suppress(Exception):  # nothing that happens now can be said any more, or needs to be
            while (left := until - time.monotonic()) > 0 and self._reader.get(left) is not None:
                pass

    def close(self) -> None:
        """Stop reading."""
        self._reader.close()

    @staticmethod
    def _too_long() -> DeadlineError:
        return DeadlineError("The answer took longer than this deployment allows.")
