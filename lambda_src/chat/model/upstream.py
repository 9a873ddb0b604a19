"""The model's service: raw bytes on success, our own errors otherwise."""

from chat.errors import ApiError, UpstreamIncompleteError, UpstreamTimeoutError, UpstreamUnreachableError
from chat.http1.connection import Connection
from chat.http1.framing import ProtocolError
from chat.http1.pool import Pool
from chat.http1.response import Response
from chat.model.api_key import ApiKey
from chat.model.refusal import refusal
from chat.settings import Settings

_CONNECT_SECONDS = 5.0

_REFUSAL_SECONDS = 5.0
_REFUSAL_BYTES = 65536


class UpstreamAnswer:
    """The body of an answer, as it comes.

    Args:
        connection: What it comes over.
        response: The answer, its head read.
        pool: Gets the connection back.
    """

    def __init__(self, connection: Connection, response: Response, pool: Pool) -> None:
        self._connection = connection
        self._response = response
        self._pool = pool
        self._open = True

    def read(self, seconds: float) -> bytes | None:
        """The next bytes, or `None` at the end.

        Raises:
            TimeoutError: Nothing came in this time; it may be called again.
            UpstreamIncompleteError: The connection broke, or what came is not HTTP.
        """
        try:
            chunk = self._response.read(seconds)
        except TimeoutError:
            raise
        except (OSError, ProtocolError):
            raise UpstreamIncompleteError("The model's service broke off in the middle of its answer.") from None
        if chunk is None:
            self.close()
        return chunk

    def close(self) -> None:
        """Keep the connection if the answer was read to its end, else hang up, which tells upstream to stop."""
        if self._open:
            self._open = False
            self._pool.give_back(self._connection, self._response)


class Upstream:
    """An OpenAI-compatible service.

    Args:
        settings: Where it is and how long it may be silent.
        key: Its API key.
    """

    def __init__(self, settings: Settings, key: ApiKey) -> None:
        self._pool = Pool(settings.upstream_base_url, _CONNECT_SECONDS)
        self._seconds = settings.silence_seconds
        self._key = key

    def connect_ahead(self) -> None:
        """Connect before the first request.

        Raises:
            OSError: The service cannot be reached.
        """
        self._pool.connect_ahead()

    def disconnect(self) -> None:
        """Close the connection that is kept."""
        self._pool.close()

    def open(self, body: bytes) -> UpstreamAnswer:
        """Ask for a completion.

        Args:
            body: The request, as JSON.

        Returns:
            The answer, as soon as upstream has accepted the request.

        Raises:
            KeyUnavailableError: The key cannot be read.
            UpstreamError: Upstream cannot be reached, refuses, or breaks off.
        """
        try:
            return self._accepted(body)
        except ApiError:
            raise
        except TimeoutError:
            raise UpstreamTimeoutError("The model's service did not answer in time. Try again.") from None
        except (OSError, ProtocolError):
            raise UpstreamUnreachableError("The model's service cannot be reached. Try again later.") from None

    def _accepted(self, body: bytes) -> UpstreamAnswer:
        key = self._key.read()
        connection, response = self._ask(body, key)
        if response.status == 401 and (rotated := self._key.read(fresh=True)) != key:  # noqa: PLR2004  # unauthorised
            connection.close()
            connection, response = self._ask(body, rotated)
        if 200 <= response.status < 300:  # noqa: PLR2004  # success
            return UpstreamAnswer(connection, response, self._pool)
        # No retries here: what upstream refuses goes to the client at once, and OpenAI's clients repeat by themselves.
        try:
            said = response.read_all(_REFUSAL_BYTES, _REFUSAL_SECONDS)
        except (OSError, ProtocolError):
            said = b""
        finally:
            self._pool.give_back(connection, response)
        raise refusal(response.status, response.headers, said, self._key)

    def _ask(self, body: bytes, key: str) -> tuple[Connection, Response]:
        try:
            return self._post(self._pool.take(), body, key)
        except TimeoutError:
            raise
        except (OSError, ProtocolError):  # most likely a kept connection that upstream has closed meanwhile
            return self._post(self._pool.connect(), body, key)

    def _post(self, connection: Connection, body: bytes, key: str) -> tuple[Connection, Response]:
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "lambda-stream-chat",
        }
        try:
            return connection, connection.post("/chat/completions", headers, body, self._seconds)
        except BaseException:
            connection.close()
            raise
