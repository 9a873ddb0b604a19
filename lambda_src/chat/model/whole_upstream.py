"""The model's service for answers that are not streamed: through the `openai` client, imported with the first of them.

Streamed answers go byte by byte over a connection of ours (`chat.model.upstream`), because importing the client takes
longer than all else at a cold start (docs/performance.md). Who waits for a whole answer does not notice.
"""

from typing import TYPE_CHECKING

from chat.errors import UpstreamTimeoutError, UpstreamUnreachableError
from chat.model.api_key import ApiKey
from chat.model.refusal import refusal
from chat.settings import Settings

if TYPE_CHECKING:
    import httpx2
    import openai

_CONNECT_SECONDS = 5.0


class WholeAnswer:
    """An answer that is there already.

    Args:
        body: It.
    """

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body or None

    def read(self, _seconds: float) -> bytes | None:
        """The body, then `None`."""
        body, self._body = self._body, None
        return body

    def close(self) -> None:
        """Nothing is open."""


class WholeUpstream:
    """An OpenAI-compatible service, asked for whole answers.

    Args:
        settings: Where it is and how long it may be silent.
        key: Its API key.
    """

    def __init__(self, settings: Settings, key: ApiKey) -> None:
        self._settings = settings
        self._key = key
        self._client: openai.OpenAI | None = None

    def open(self, body: bytes) -> WholeAnswer:
        """Ask for a completion and wait for it.

        Args:
            body: The request, as JSON.

        Raises:
            KeyUnavailableError: The key cannot be read.
            UpstreamError: Upstream cannot be reached, refuses, or breaks off.
        """
        import openai  # noqa: PLC0415  # see above

        self._client = self._client or self._connect()
        try:
            return self._ask(self._client, body)
        except openai.APIStatusError as error:
            said = error.response
            raise refusal(error.status_code, said.headers, said.content, self._key) from None
        except openai.APITimeoutError:
            raise UpstreamTimeoutError("The model's service did not answer in time. Try again.") from None
        except openai.APIConnectionError:
            raise UpstreamUnreachableError("The model's service cannot be reached. Try again later.") from None

    def _ask(self, client: "openai.OpenAI", body: bytes) -> WholeAnswer:
        import openai  # noqa: PLC0415  # see above

        try:
            answer = _post(client, body)
        except openai.AuthenticationError:
            if self._key.read(fresh=True) == client.api_key:
                raise  # the key has not been rotated: it is wrong
            answer = _post(client, body)
        return WholeAnswer(answer.content)

    def _connect(self) -> "openai.OpenAI":
        import openai  # noqa: PLC0415  # see above

        return openai.OpenAI(
            api_key=self._key.read,  # asked before every request
            base_url=self._settings.upstream_base_url,
            # What upstream refused goes to the client at once, with its Retry-After: OpenAI's clients repeat by
            # themselves, and this one's waiting, up to two minutes, would only look like silence.
            max_retries=0,
            timeout=openai.Timeout(self._settings.silence_seconds, connect=_CONNECT_SECONDS),
        )


def _post(client: "openai.OpenAI", body: bytes) -> "httpx2.Response":
    import httpx2  # noqa: PLC0415  # see above

    headers = {"Content-Type": "application/json"}
    return client.post("/chat/completions", cast_to=httpx2.Response, content=body, options={"headers": headers})
