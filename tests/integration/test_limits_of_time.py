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


@pytest.fixture(scope="module")
def behind_cloudfront(start_function: Callable[..., Function]) -> Iterator[Function]:
    """A function that somebody in between gives up on after a second without a byte."""
    with ExitStack() as stack:
        yield start_function(
            stack, QUIET_SECONDS="1", SILENCE_SECONDS="25", FIRST_BYTE_SECONDS="0.3", HEARTBEAT_SECONDS="0.3"
        )


def test_an_answer_that_comes_as_a_whole_is_given_up_before_whoever_waits_for_it_gives_up(
    behind_cloudfront: Function,
) -> None:
    behind_cloudfront.upstream.script = (Pause(20), *answer(200, {}))

    reply = behind_cloudfront.chat(stream=False)

    assert (reply.status, reply.error["code"]) == (504, "deadline_exceeded")
    assert reply.error["message"] == "The answer was not there within 1 seconds. A streamed one may take longer."


def test_so_is_plain_text_which_has_no_heartbeats(behind_cloudfront: Function) -> None:
    behind_cloudfront.upstream.script = streamed(token("one "), Pause(20), token("two "))

    body = behind_cloudfront.send("POST", "/api/", {"message": "Hello"}).body

    assert body.startswith(b"one ")
    assert b"silent for 1 seconds" in body


def test_a_streamed_answer_may_be_silent_for_longer(behind_cloudfront: Function) -> None:
    behind_cloudfront.upstream.script = streamed(Pause(1.5), token("one "), Pause(1.5), token("two "))

    body = behind_cloudfront.chat().body

    assert b"two " in body
    assert b": ping" in body
