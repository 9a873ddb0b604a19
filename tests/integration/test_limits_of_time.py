"""Answers that take longer than the function may: ended by the function itself, so that nobody sees a cut."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.integration.conftest import Function
from tests.support.raw_upstream import Pause, Step, answer, streamed, token

TIMEOUT_SECONDS = 3


@pytest.fixture(scope="module")
def hurried(start_function: Callable[..., Function]) -> Iterator[Function]:
    with ExitStack() as stack:
        yield start_function(
            stack,
            timeout_seconds=TIMEOUT_SECONDS,
            DEADLINE_MARGIN_SECONDS="1.5",
            FIRST_BYTE_SECONDS="0.3",
            HEARTBEAT_SECONDS="0.3",
        )


@pytest.fixture(autouse=True)
def _serves_the_next_request(hurried: Function) -> Iterator[None]:
    hurried.upstream.reset()
    hurried.chat()
    pids = hurried.pids
    yield
    hurried.upstream.reset()
    assert b"[DONE]" in hurried.chat().body
    assert hurried.pids == pids


def endless() -> tuple[Step, ...]:
    steps: list[Step] = []
    for _ in range(100):
        steps += [token("more "), Pause(0.1)]
    return streamed(*steps)


def test_an_answer_without_end_is_ended_with_an_error(hurried: Function) -> None:
    hurried.upstream.script = endless()

    body = hurried.chat().body

    assert body.count(b"more ") > 5
    assert json.loads(body.rpartition(b"data: ")[2])["error"]["code"] == "deadline_exceeded"


def test_an_event_without_end_is_ended_with_an_error(hurried: Function) -> None:
    pieces: list[Step] = [b'data: {"choices": [{"delta": {"content": "']
    for _ in range(100):
        pieces += [b"more ", Pause(0.1)]
    hurried.upstream.script = streamed(*pieces)

    body = hurried.chat().body

    assert body.startswith(b": ping\n\n: ping\n\n")
    assert json.loads(body.rpartition(b"data: ")[2])["error"]["code"] == "deadline_exceeded"


def test_upstream_is_told_to_stop(hurried: Function) -> None:
    hurried.upstream.script = endless()

    hurried.chat()

    assert hurried.upstream.hung_up.wait(5)


def test_plain_text_without_end_is_ended_in_words(hurried: Function) -> None:
    hurried.upstream.script = endless()

    assert hurried.send("POST", "/api/", {"message": "Hello"}).body.endswith(
        b"[The answer was interrupted: The answer took longer than this deployment allows.]\n"
    )


@pytest.mark.parametrize("path", ["/api/", "/api/v1/chat/completions"])
def test_silence_to_the_deadline_is_a_504(hurried: Function, path: str) -> None:
    hurried.upstream.script = (Pause(10), *answer(200, {}))
    request = {"message": "Hello"} if path == "/api/" else {"messages": [{"role": "user", "content": "Hello"}]}

    reply = hurried.send("POST", path, request)

    assert reply.status == 504
    assert reply.error["code"] == "deadline_exceeded"
