"""The model's service, reached through the `openai` client: raw bytes on success, our own errors otherwise."""

import logging
import socket
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any

import httpx2
import openai
from openai import APIResponse

from chat.api_key import ApiKey
from chat.errors import UpstreamIncompleteError, UpstreamTimeoutError, UpstreamUnreachableError
from chat.settings import Settings
from chat.upstream_refusal import refusal

_CONNECT_SECONDS = 5.0

logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log a line of its own for each request


class UpstreamAnswer:
    """The body of an answer, as it comes.

    Args:
        response: The open response.
    """

    def __init__(self, response: APIResponse[Any]) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_bytes()

    def abort(self) -> None:
        """End the connection, from any thread, so that whoever reads the answer stops waiting for it."""
        stream = self._response.http_response.extensions.get("network_stream")
        if stream is not None:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


class Upstream:
    """An OpenAI-compatible service.

    Args:
        settings: Where it is and how long it may be silent.
        key: Its API key.
    """

    def __init__(self, settings: Settings, key: ApiKey) -> None:
        self._key = key
        # No retries: what upstream refused goes to the client at once, with its Retry-After, and OpenAI clients repeat
        # by themselves. The SDK's would wait up to two minutes first.
        self._client = openai.OpenAI(
            api_key=key.read,
            base_url=settings.upstream_base_url,
            max_retries=0,
            timeout=openai.Timeout(settings.silence_seconds, connect=_CONNECT_SECONDS),
        )

    @contextmanager
    def open(self, payload: Mapping[str, object]) -> Generator[UpstreamAnswer]:
        """Ask for a completion.

        Args:
            payload: The body of the request.

        Yields:
            The answer, as soon as upstream has accepted the request.

        Raises:
            KeyUnavailableError: The key cannot be read.
            UpstreamError: Upstream cannot be reached, refuses, or breaks off.
        """
        with self._translate_errors(), ExitStack() as stack:
            yield UpstreamAnswer(self._send(payload, stack))

    def _send(self, payload: Mapping[str, object], stack: ExitStack) -> APIResponse[Any]:
        try:
            return stack.enter_context(self._request(payload))
        except openai.AuthenticationError:
            if self._key.read(fresh=True) == self._client.api_key:
                raise  # the key has not been rotated: it is wrong
        except openai.APITimeoutError:
            raise
        except openai.APIConnectionError:
            pass  # most likely a kept connection that upstream has closed meanwhile
        return stack.enter_context(self._request(payload))

    def _request(self, payload: Mapping[str, object]) -> AbstractContextManager[APIResponse[Any]]:
        # The payload is already checked and complete; `extra_body` sends it as it is.
        create = self._client.chat.completions.with_streaming_response.create
        return create(model="", messages=[], extra_body=payload, extra_headers={"Accept-Encoding": "identity"})

    @contextmanager
    def _translate_errors(self) -> Generator[None]:
        try:
            yield
        except openai.APIStatusError as error:
            raise refusal(error, self._key) from None
        except (openai.APITimeoutError, httpx2.TimeoutException):
            raise UpstreamTimeoutError("The model's service did not answer in time. Try again.") from None
        except openai.APIConnectionError:
            raise UpstreamUnreachableError("The model's service cannot be reached. Try again later.") from None
        except httpx2.TransportError:
            raise UpstreamIncompleteError("The model's service broke off in the middle of its answer.") from None
