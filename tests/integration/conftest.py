"""The real function in real processes, between a client's socket and an upstream that does what a test says."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bundle.build import HostTarget
from local.server import LocalLambda
from tests.support.logs import Logs
from tests.support.raw_upstream import RawUpstream, answer
from tests.support.secrets import content, secret

API_KEY = secret("sk-integration-secret-key")
PARAMETER = "/chat/openai-api-key"


@dataclass
class Reply:
    """A whole HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        value: dict[str, object] = json.loads(self.body)
        return value

    @property
    def error(self) -> dict[str, object]:
        """The error object, checked for its shape."""
        error = self.json["error"]
        assert isinstance(error, dict)
        assert set(error) == {"message", "type", "code", "param"}
        assert error["message"]
        assert error["code"]
        return error


@dataclass
class Function:
    """A running function."""

    server: LocalLambda
    upstream: RawUpstream
    logs: Logs

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def pids(self) -> set[int]:
        return {environment.pid for environment in self.server.environments}

    def open(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """Send a request; the response can be read piece by piece."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        payload = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection.request(method, path, payload, {"connection": "close", **(headers or {})})
        response = connection.getresponse()
        connection.close()  # the response keeps the socket
        return response

    def send(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Send a request and read the whole response."""
        with self.open(method, path, body, headers) as response:
            answered = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, answered, response.read())

    def chat(self, text: str = "Hello", headers: Mapping[str, str] | None = None, **parameters: object) -> Reply:
        """Ask for a streamed completion and read it to its end."""
        request = {"messages": [{"role": "user", "content": content(text)}], "stream": True} | parameters
        return self.send("POST", "/api/v1/chat/completions", request, headers)


@pytest.fixture(scope="session")
def start_function(task_root: Path, host: HostTarget) -> Callable[..., Function]:
    """Starts a function on an `ExitStack`, with environment variables of its own."""

    def start(stack: ExitStack, *, timeout_seconds: float = 30, **environment: str) -> Function:
        upstream = stack.enter_context(RawUpstream())
        logs = Logs()
        variables = {
            "API_KEY_PARAMETER": PARAMETER,
            "UPSTREAM_BASE_URL": upstream.url,
            "MODELS": "small,large",
            "MAX_INPUT_CHARS": "1000",
            "SIGN_IN": "none",
            "POWERTOOLS_SERVICE_NAME": "chat",
            **environment,
        }
        server = LocalLambda(
            task_root, host.interpreter, variables, timeout_seconds=timeout_seconds, api_key=API_KEY, log=logs
        )
        return Function(stack.enter_context(server), upstream, logs)

    return start


@pytest.fixture(scope="module")
def shared_function(start_function: Callable[..., Function]) -> Iterator[Function]:
    """One function for a module's tests: that it still answers after each is part of what they show."""
    with ExitStack() as stack:
        function = start_function(
            stack,
            FIRST_BYTE_SECONDS="1",
            HEARTBEAT_SECONDS="0.3",
            SILENCE_SECONDS="3",
            SYSTEM_PROMPT="",
        )
        function.upstream.script = answer(200, {"choices": [{}]})
        while function.chat(stream=False).status == 504:
            pass  # on a busy machine importing the client for whole answers takes longer than SILENCE_SECONDS
        yield function


@pytest.fixture
def function(shared_function: Function) -> Function:
    """The shared function with its upstream back in order."""
    shared_function.upstream.reset()
    return shared_function
