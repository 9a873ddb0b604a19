"""How long a post waits for whoever reads the response."""

import socket
import time

import pytest

from streaming_runtime.chunked import ChunkedPost

MORE_THAN_BUFFERS_HOLD = 50_000_000


def test_a_reader_that_takes_nothing_is_given_up_when_the_time_is_over() -> None:
    here, there = socket.socketpair()

    with here, there, pytest.raises(TimeoutError):
        ChunkedPost(here, "host:1", "/response", {}, time.time() + 0.2).send(b"x" * MORE_THAN_BUFFERS_HOLD)


def test_an_answer_that_does_not_come_is_given_up_when_the_time_is_over() -> None:
    here, there = socket.socketpair()

    with here, there, pytest.raises(TimeoutError):
        ChunkedPost(here, "host:1", "/response", {}, time.time() + 0.2).finish()
