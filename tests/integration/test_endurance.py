"""Many requests through one process: its memory stays flat, and how long a token takes is printed."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psutil
import pytest

from tests.integration.conftest import Function
from tests.support.raw_upstream import ANSWER, DONE, FINISH, Pause, streamed, token

REQUESTS = 200
WARM_UP = 50
GROWTH_MB = 8
MB = 1024 * 1024


@pytest.fixture(scope="module")
def lasting(start_function: Callable[..., Function]) -> Iterator[Function]:
    with ExitStack() as stack:
        yield start_function(stack)


def memory_mb(function: Function) -> float:
    (pid,) = function.pids
    return float(psutil.Process(pid).memory_info().rss / MB)


def test_memory_stays_flat_over_many_requests(lasting: Function, measured: Callable[[str], None]) -> None:
    for _ in range(WARM_UP):
        lasting.chat()
    before = memory_mb(lasting)

    for number in range(REQUESTS):
        lasting.upstream.script = streamed(token("Hi")) if number % 5 == 0 else streamed(*ANSWER)  # some break off
        lasting.chat("x" * 500)

    after = memory_mb(lasting)
    measured(f"memory of the function: {before:.1f} MB before, {after:.1f} MB after {REQUESTS} requests")
    assert len(lasting.pids) == 1
    assert after - before < GROWTH_MB


def test_the_way_of_a_token_is_measured(lasting: Function, measured: Callable[[str], None]) -> None:
    """From upstream's write to the client's read, so with the local Function URL's share on top of the function's."""
    request = {"messages": [{"role": "user", "content": "Hello"}], "stream": True}
    first, every = [], []
    for _ in range(20):
        lasting.upstream.reset()
        tokens = [step for n in range(5) for step in (token(f"token {n} "), Pause(0.02))]
        lasting.upstream.script = streamed(*tokens, FINISH, DONE)
        arrivals: list[float] = []
        with lasting.open("POST", "/api/v1/chat/completions", request) as response:
            while piece := response.read1():
                arrivals += [time.time()] * piece.count(b"\n\n")
        delays = [read - written for written, read in zip(lasting.upstream.written[1:6], arrivals[:5], strict=True)]
        assert all(delay > 0 for delay in delays)
        first.append(delays[0])
        every += delays
    measured(
        f"a token's way, upstream to client, median of {len(every)}: {1000 * statistics.median(every):.1f} ms; "
        f"an answer's first token, of {len(first)}: {1000 * statistics.median(first):.1f} ms"
    )
