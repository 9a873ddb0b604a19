"""The Runtime API where a streamed response does not pass as it was posted: cut off, or held back."""

import json
import time
from pathlib import Path

import pytest

from local.throttle import Bandwidth
from tests.support.manual_runtime import PREFIX, ManualRuntime, manual_runtime, wait_until
from tests.support.raw_http import Answer, RawConnection

NULS = b"\0" * 8
TRAILERS = "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"


def trailer_lines(size: int, name: bytes) -> bytes:
    """One trailer, so long that with the empty line after it there are `size` bytes."""
    return name + b": " + b"x" * (size - len(name) - len(b": \r\n\r\n")) + b"\r\n\r\n"


@pytest.mark.parametrize("name", [b"Lambda-Runtime-Function-Error-Body", b"X-Undeclared"])
def test_trailer_lines_of_4096_bytes_are_read(runtime: ManualRuntime, name: bytes) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id(), trailer=TRAILERS)
        post.send_chunk(b"{}" + NULS + b"all")
        post.send(b"0\r\n" + trailer_lines(4096, name))

        assert post.read()[0].status == 202
    assert runtime.client.read()[1] == b"all"


@pytest.mark.parametrize("name", [b"Lambda-Runtime-Function-Error-Body", b"X-Undeclared"])
def test_longer_ones_make_a_truncated_response(runtime: ManualRuntime, name: bytes) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id(), trailer=TRAILERS)
        post.send_chunk(b"{}" + NULS + b"half")
        post.send(b"0\r\n" + trailer_lines(4097, name))
        runtime.client.read_head()

        assert runtime.client.read_chunk() == b"half"
        with pytest.raises(EOFError):
            runtime.client.read_chunk()
        answer, body = post.read()

    assert (answer.status, json.loads(body)["errorType"]) == (400, "TruncatedHTTPRequest")
    assert runtime.log[-1].endswith("Error: Runtime.TruncatedResponse")
    assert_next_is_served(runtime)


def assert_next_is_served(runtime: ManualRuntime) -> None:
    """The same environment takes another request."""
    with runtime.connect() as waiting, RawConnection(runtime.server.port) as client:
        waiting.request("GET", f"{PREFIX}/invocation/next")
        wait_until(lambda: runtime.server.environments[0].state == "idle")
        client.request("POST", "/api/ask", b"second")
        request_id = waiting.read()[0].header("lambda-runtime-aws-request-id")
        assert runtime.call("POST", f"/invocation/{request_id}/response", b'"done"')[0].status == 202
        assert client.read()[1] == b'"done"'


def test_a_post_whose_client_has_left_is_truncated(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"half")
        runtime.client.read_head()
        runtime.client.close()

        answer, body = post_until_answered(post)

    assert (answer.status, json.loads(body)["errorType"]) == (400, "TruncatedHTTPRequest")
    assert runtime.log[-1].endswith("Error: Runtime.TruncatedResponse")
    assert_next_is_served(runtime)


def test_or_is_accepted_where_the_function_does_not_learn_of_it(tmp_path: Path) -> None:
    with manual_runtime(tmp_path, tells_of_leaving=False) as runtime, runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"half")
        runtime.client.read_head()
        runtime.client.close()
        for _ in range(50):
            post.send_chunk(b"more" * 10_000)
        post.send(b"0\r\n\r\n")

        assert post.read()[0].status == 202
        assert_next_is_served(runtime)


def post_until_answered(post: RawConnection) -> tuple[Answer, bytes]:
    """Send chunk after chunk until there is an answer; a connection takes some before its other side has closed."""
    for _ in range(10_000):
        if post.has_input():
            return post.read()
        post.send_chunk(b"more" * 1000)
    raise AssertionError("no answer")


def test_a_response_is_passed_on_at_once_up_to_a_size_and_steadily_from_then_on(tmp_path: Path) -> None:
    bandwidth = Bandwidth(burst_bytes=300_000, bytes_per_second=1_000_000)
    with manual_runtime(tmp_path, bandwidth=bandwidth) as runtime, runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        began = time.monotonic()
        post.send_chunk(b"{}" + NULS + b"x" * 800_000)
        post.send(b"0\r\n\r\n")

        assert len(runtime.client.read()[1]) == 800_000

    assert time.monotonic() - began >= 0.5


def test_what_may_pass_at_once_does_not_wait(tmp_path: Path) -> None:
    with manual_runtime(tmp_path, bandwidth=Bandwidth(300_000, 1)) as runtime, runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"x" * 299_000)
        post.send(b"0\r\n\r\n")

        assert len(runtime.client.read()[1]) == 299_000


def test_the_bandwidth_is_lambdas() -> None:
    assert Bandwidth() == Bandwidth(burst_bytes=6 * 1024 * 1024, bytes_per_second=2 * 1024 * 1024)
