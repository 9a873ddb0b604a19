"""Whatever a body does, and whatever the Runtime API does with it, the same process answers the next event."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bundle.build import HostTarget
from tests.support.scripted_runtime import ScriptedRuntime, scripted_runtime
from tests.support.scripted_runtime_api import ACCEPTED, TRUNCATED, Peer, Post, answer

TAKEN = (ACCEPTED, answer(200))
NOT_JSON = ("bytes", "nan", "object")
MANY = 300_000  # bytes; more than the buffers of a connection that nobody reads take at once


@pytest.fixture(scope="module")
def runtime(task_root: Path, host: HostTarget) -> Iterator[ScriptedRuntime]:
    with scripted_runtime(task_root, host) as runtime:
        yield runtime


hard_messages = st.sampled_from(["\ud800", "😀" * 300, "\0" * 3000, "x" * 9999])
messages = st.text(st.characters(codec=None), max_size=20) | hard_messages
kinds = st.sampled_from(["value", "unprintable", "cancelled", "base", "os", "group", "named"])
errors = st.tuples(kinds, messages, st.integers(0, 60)).map(list)
sizes = st.integers(0, 300) | st.sampled_from([1, MANY])
bodies = st.fixed_dictionaries(
    {
        "parts": st.lists(sizes | st.just("text") | errors, max_size=5),
        "closing": st.none() | st.none() | errors,
        "status": st.sampled_from([200, 204, 404, 500]),
        "header": st.sampled_from(["text", "text", "text", "japanese", "surrogate", *NOT_JSON]),
    }
)
answers = st.sampled_from(
    [*TAKEN, TRUNCATED, *map(answer, (403, 410, 413, 500)), b"", b"HTTP/1.1 2", b"\0garbage\r\n\r\n" * 99]
)
peers = st.just(Peer()) | st.builds(
    Peer,
    reads=st.none() | st.integers(0, 400) | st.just(MANY),
    stalls=st.sampled_from([0, 0, 0, 0.02]),
    answers=answers,
    resets=st.booleans(),
)


@settings(deadline=None, database=None)
@given(bodies, peers)
def test_the_process_goes_on(runtime: ScriptedRuntime, body: dict[str, Any], peer: Peer) -> None:
    sizes, breaks = before_an_error(body["parts"])
    fails_early = (breaks and not sizes) or body["header"] in NOT_JSON
    closed_before, _ = report(runtime)

    runtime.api.invoke(body, peer)
    post = runtime.api.next_post()
    closed, log = report(runtime)

    assert closed > closed_before
    assert post.path.endswith("/error" if fails_early else "/response")
    if post.is_complete and not fails_early:
        is_as_returned(post, body["status"], sizes, breaks=breaks)
    least, most = lines_logged(post, peer, failed=breaks or fails_early, fails_early=fails_early)
    assert least <= len(log) - (body["closing"] is not None) <= most
    assert all(line["level"] in {"WARNING", "ERROR"} for line in log)


def before_an_error(parts: list[object]) -> tuple[list[int], bool]:
    """The sizes of the chunks before the first error, and whether there is one."""
    sizes: list[int] = []
    for part in parts:
        if not isinstance(part, int):
            return sizes, True
        sizes += [part] if part else []
    return sizes, False


def is_as_returned(post: Post, status: int, sizes: list[int], *, breaks: bool) -> None:
    prelude, nuls, *chunks = post.chunks
    assert json.loads(prelude)["statusCode"] == status
    assert nuls == b"\0" * 8
    assert [len(chunk) for chunk in chunks] == (sizes or ([] if status == 204 else [1]))
    assert post.trailer_bytes <= 4096
    assert bool(post.trailers) == breaks
    if breaks:
        told = json.loads(base64.b64decode(post.trailers["lambda-runtime-function-error-body"]))
        assert told["errorType"] == post.trailers["lambda-runtime-function-error-type"]
        assert isinstance(told["errorMessage"], str)


def lines_logged(post: Post, peer: Peer, *, failed: bool, fails_early: bool) -> tuple[int, int]:
    """At least and at most how many: one for the body's error, one for a post that was not taken.

    Of a connection that is closed early, it is chance how much is sent before that is seen.
    """
    is_taken = post.is_complete and peer.answers in TAKEN and not peer.resets
    may_be_taken = peer.answers in TAKEN
    most = failed + (not is_taken)
    if post.is_complete or fails_early:
        return failed + (not may_be_taken), most
    return int(failed or not may_be_taken), most


def report(runtime: ScriptedRuntime) -> tuple[int, list[dict[str, object]]]:
    """How often bodies were closed so far, and what was logged since the last report."""
    mark = runtime.api.invoke({"report": "MARK"})
    post = runtime.api.next_post()
    assert post.path.split("/")[4] == mark
    # AWS's compiled client prints a refusal, too, and what the answer to it was.
    lines = [line for line in runtime.printed_until("MARK") if line and "] LAMBDA_RUNTIME " not in line]
    return int(post.chunks[0]), [json.loads(line) for line in lines]
