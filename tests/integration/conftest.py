"""The real function in real processes, between a client's socket and an upstream that does what a test says."""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.server import LocalLambda
from stacks.bundling import HostTarget
from tests.support.raw_upstream import RawUpstream
from tests.support.secrets import USED, secret

API_KEY = secret("sk-integration-secret-key")
PARAMETER = "/chat/openai-api-key"


@dataclass
class Logs:
    """What the function printed, line by line."""

    lines: list[str] = field(default_factory=list)

    def __call__(self, _environment: int, line: str) -> None:
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, part: str, start: int = 0) -> dict[str, object]:
        """The first line from `start` on that contains `part`, as JSON; output comes through a pipe, so wait for it."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for line in self.lines[start:]:
                if part in line:
                    parsed: dict[str, object] = json.loads(line)
                    return parsed
            time.sleep(0.01)
        raise AssertionError(f"no log line with {part!r} in {self.lines[start:]}")


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
        request = {"messages": [{"role": "user", "content": text}], "stream": True} | parameters
        return self.send("POST", "/api/v1/chat/completions", request, headers)


@pytest.fixture(scope="session")
def every_log() -> Iterator[list[Logs]]:
    """What all functions printed; at the end, no secret that a test used is in it."""
    logs: list[Logs] = []
    yield logs
    text = "\n".join(log.text for log in logs)
    assert [used for used in USED if used in text] == []


@pytest.fixture(scope="session")
def start_function(task_root: Path, host: HostTarget, every_log: list[Logs]) -> Callable[..., Function]:
    """Starts a function on an `ExitStack`, with environment variables of its own."""

    def start(stack: ExitStack, *, timeout_seconds: float = 30, **environment: str) -> Function:
        upstream = stack.enter_context(RawUpstream())
        logs = Logs()
        every_log.append(logs)
        variables = {
            "API_KEY_PARAMETER": PARAMETER,
            "UPSTREAM_BASE_URL": upstream.url,
            "MODELS": "small,large",
            "MAX_INPUT_CHARS": "1000",
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
        yield start_function(
            stack,
            FIRST_BYTE_SECONDS="1",
            HEARTBEAT_SECONDS="0.3",
            SILENCE_SECONDS="3",
            SYSTEM_PROMPT="",
        )


@pytest.fixture
def function(shared_function: Function) -> Function:
    """The shared function with its upstream back in order."""
    shared_function.upstream.reset()
    return shared_function
