"""Whatever is sent, the answer is a well-formed error and the same process answers the next request."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Self

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.conftest import Function, Reply
from tests.support.aws import TABLE, aws_server, table
from tests.support.issuer import CLIENT_ID, Issuer

SECONDS_EACH = 8
FEWEST = 20  # requests, however long they take
GROWTH_MB = 40  # a body of 6 MB is parsed into several times as much, once
MB = 1024 * 1024
CHAT = "/api/v1/chat/completions"

few = settings(
    max_examples=250, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def fuzzed(start_function: Callable[..., Function]) -> Iterator[Function]:
    with ExitStack() as stack:
        issuer = stack.enter_context(Issuer())
        aws = stack.enter_context(aws_server())
        stack.enter_context(table(aws))
        function = start_function(
            stack,
            SIGN_IN="oidc",
            SIGN_IN_ISSUER=issuer.url,
            SIGN_IN_CLIENT_ID=CLIENT_ID,
            DAILY_TOKENS_PER_PERSON="1000000000",
            TABLE_NAME=TABLE,
            AWS_ENDPOINT_URL_DYNAMODB=aws,
        )
        headers.update({"x-chat-authorization": f"Bearer {issuer.token()}"})
        yield function


headers: dict[str, str] = {}


@pytest.fixture
def function(fuzzed: Function) -> Iterator[Function]:
    """The one process, which must still be there and no bigger after the test."""
    answers(fuzzed, b"{}")
    (pid,) = fuzzed.pids
    before = psutil.Process(pid).memory_info().rss
    yield fuzzed
    assert fuzzed.pids == {pid}
    assert psutil.Process(pid).memory_info().rss - before < GROWTH_MB * MB


def answers(function: Function, body: bytes, path: str = CHAT) -> Reply:
    """Send a body and check what comes back."""
    reply = function.send("POST", path, body, headers)
    assert reply.status in {200, 400, 404, 413}
    if reply.status != 200:
        assert reply.headers["content-type"] == "application/json"
        assert reply.error["type"] == "invalid_request_error"
        assert "Traceback" not in str(reply.error)
    return reply


class Budget:
    """Ends a fuzz test that takes too long, never before its first requests, and has the report say how far it came."""

    def __init__(self, name: str, measured: Callable[[str], None]) -> None:
        self._name = name
        self._measured = measured
        self._end = time.monotonic() + SECONDS_EACH
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def allows(self) -> bool:
        """Whether one more request is to be sent; it is counted then."""
        if self._sent >= FEWEST and time.monotonic() > self._end:
            return False
        self._sent += 1
        return True

    def __exit__(self, *_: object) -> None:
        self._measured(f"fuzz, {self._name}: {self._sent} of {few.max_examples} examples in {SECONDS_EACH} s at most")


@pytest.fixture
def budget(request: pytest.FixtureRequest, measured: Callable[[str], None]) -> Iterator[Budget]:
    with Budget(request.node.name.removeprefix("test_").replace("_", " "), measured) as budget:
        yield budget


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(codec=None), max_size=20)
    | st.sampled_from(["user", "system", "small", 10**400, -(10**400), "\ud800", "\u0000"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
messages = st.lists(
    st.fixed_dictionaries({}, optional={"role": json_values, "content": json_values, "tool_calls": json_values}),
    max_size=3,
)
names = ("model", "stream", "stream_options", "temperature", "max_tokens", "max_completion_tokens", "user", "message")
requests = st.fixed_dictionaries({}, optional={**dict.fromkeys(names, json_values), "messages": messages | json_values})


def test_random_bytes(function: Function, budget: Budget) -> None:
    @few
    @given(st.binary(max_size=500), st.sampled_from([CHAT, "/api/"]))
    def run(body: bytes, path: str) -> None:
        if budget.allows():
            answers(function, body, path)

    run()


def test_requests_with_the_wrong_types_everywhere(function: Function, budget: Budget) -> None:
    @few
    @given(requests | json_values, st.sampled_from([CHAT, "/api/"]))
    def run(value: object, path: str) -> None:
        if budget.allows():
            answers(function, json.dumps(value).encode(errors="surrogatepass"), path)

    run()


def test_random_tokens_and_paths(function: Function, budget: Budget) -> None:
    words = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=60)

    @few
    @given(words, words)
    def run(token: str, path: str) -> None:
        if not budget.allows():
            return
        reply = function.send("GET", "/api/v1/models", None, {"x-chat-authorization": f"Bearer {token}"})
        assert (reply.status, reply.error["type"]) == (401, "authentication_error")
        reply = function.send("GET", "/api/" + path.replace("#", "").replace("?", ""), None, headers)
        assert reply.status in {200, 404, 405}
        if reply.status != 200:
            assert reply.error["type"] == "invalid_request_error"

    run()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"messages":' * 50_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"max_tokens": ' + b"9" * 5_000 + b"}",
        b'{"temperature": 1e999999, "messages": [{"role": "user", "content": "x"}]}',
        b'{"model": "small", "model": ["small"], "messages": []}',
        b'{"messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"messages": [{"role": "user", "content": "\xed\xa0\x80"}]}',
        b'\xff\xfe{"\x00',
        b'\xef\xbb\xbf{"messages": []}',
        b'{"messages": NaN}',
        b"null",
        b"",
        b'{"messages": [{"role": "user", "content": "' + b"x" * (4 * MB) + b'"}]}',
        b"[" + b"0," * (2 * MB) + b"0]",
        b'{"messages": [' + b"{}," * MB + b"{}]}",
        b'{"message": "' + "日本".encode() * (MB // 2) + b'"}',
    ],
    ids=lambda body: f"{body[:24]!r} of {len(body)}",
)
def test_what_breaks_parsers(function: Function, body: bytes) -> None:
    assert answers(function, body).status in {400, 413}


def test_more_than_lambda_takes_never_reaches_the_function(function: Function) -> None:
    logged = len(function.logs.lines)

    assert function.send("POST", CHAT, b"x" * (7 * MB), headers).status == 413
    assert not any('"route"' in line for line in function.logs.lines[logged:])


def test_after_all_that_it_still_answers(function: Function) -> None:
    assert function.chat(headers=headers).body.endswith(b"data: [DONE]\n\n")
