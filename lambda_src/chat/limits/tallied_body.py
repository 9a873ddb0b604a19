"""A streamed answer that settles its reservation just before it ends: who then asks what is left, is told so."""

from collections.abc import Iterator

from chat.answer.bodies import StreamedBody
from chat.limits.tally import Tally
from chat.record import RequestRecord


class TalliedBody:
    """A body that settles when it ends, also when it breaks off.

    Args:
        body: The answer.
        tally: What is reserved for it.
        record: The request's.
    """

    def __init__(self, body: StreamedBody, tally: Tally, record: RequestRecord) -> None:
        self._body = body
        self._tally = tally
        self._record = record

    def __iter__(self) -> Iterator[bytes]:
        """The body's bytes.

        Raises:
            AnswerInterruptedError: An error was told in-band.
        """
        try:
            yield from self._body
        finally:
            self.close()

    def close(self) -> None:
        """End the answer; harmless when it has ended."""
        self._body.close()
        self._tally.settle(self._record.error_code)
