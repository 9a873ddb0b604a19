"""How long an answer may take: the limits on silence and on the whole, kept in one place."""

import time

from chat.answer.background import BackgroundReader, SilenceError
from chat.errors import DeadlineError, UpstreamTimeoutError


class PatientReader:
    """Upstream's bytes, as long as they come in time.

    Args:
        reader: Where they come from.
        silence_seconds: The longest silence accepted.
        deadline: When the answer must have ended, on `time.monotonic`'s clock.
    """

    def __init__(self, reader: BackgroundReader, silence_seconds: float, deadline: float) -> None:
        self._reader = reader
        self._silence_seconds = silence_seconds
        self._deadline = deadline
        self._silent_until = time.monotonic() + silence_seconds

    def next(self, seconds: float) -> bytes | None:
        """The next chunk, or `None` at the end.

        Args:
            seconds: How long to wait at most.

        Raises:
            SilenceError: Nothing came in that time, and more patience is left.
            DeadlineError: The time for the answer is over.
            UpstreamTimeoutError: Upstream was silent for too long.
            ApiError: Upstream's.
        """
        limit = min(self._deadline, self._silent_until)
        try:
            chunk = self._reader.get(min(seconds, limit - time.monotonic()))
        except SilenceError:
            now = time.monotonic()
            if now >= self._deadline:
                raise DeadlineError("The answer took longer than this deployment allows.") from None
            if now >= self._silent_until:
                raise UpstreamTimeoutError(
                    f"The model's service was silent for {self._silence_seconds:g} seconds. Try again."
                ) from None
            raise
        self._silent_until = time.monotonic() + self._silence_seconds
        return chunk

    def rest(self) -> bytes:
        """All that is still to come, as one.

        Raises:
            ApiError: As `next`.
        """
        chunks: list[bytes] = []
        while True:
            try:
                chunk = self.next(self._silence_seconds)
            except SilenceError:
                continue
            if chunk is None:
                return b"".join(chunks)
            chunks.append(chunk)

    def close(self) -> None:
        """Stop reading."""
        self._reader.close()
