"""The Runtime API with streamed responses: chunk by chunk, with trailers, broken off."""

import json
import time
from pathlib import Path

import pytest

from local.throttle import Bandwidth
from tests.support.manual_runtime import PREFIX, ManualRuntime, manual_runtime, wait_until
from tests.support.raw_http import Answer, RawConnection

NULS = b"\0" * 8
ACCEPTED = b'{"status":"OK"}\n'
TRAILERS = "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"


def test_each_streamed_chunk_reaches_the_client_before_the_next_is_posted(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b'{"statusCode": 203, "headers": {"x-a": "1"}, "cookies": ["a=1", "b=2"]}')
        post.send_chunk(NULS)
        answer = runtime.client.read_head()
        assert (answer.status, answer.header("x-a"), answer.header("set-cookie")) == (203, "1", "a=1, b=2")
        for text in (b"one", b"two", b"three"):
            post.send_chunk(text)
            assert runtime.client.read_chunk() == text
        post.send(b"0\r\n\r\n")

        assert runtime.client.read_chunk() == b""
        answer, body = post.read()

    assert (answer.status, body) == (202, ACCEPTED)


def test_a_stream_is_accepted_only_when_it_is_complete(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"body")
        runtime.client.read_head()
        assert runtime.client.read_chunk() == b"body"
        assert runtime.server.environments[0].state == "responding"
        post.send(b"0\r\n\r\n")

        assert post.read()[0].status == 202


def test_the_prelude_may_be_cut_anywhere(runtime: ManualRuntime) -> None:
    stream = b'{"statusCode": 200}' + NULS + b"x"
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        for byte in stream:
            post.send_chunk(bytes([byte]))
        post.send(b"0\r\n\r\n")
        answer, body = runtime.client.read()

    assert (answer.status, body) == (200, b"x")


def test_a_stream_without_a_prelude_is_passed_on_as_it_is(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id(), content_type="text/csv")
        post.send_chunk(b"a,b")
        post.send(b"0\r\n\r\n")
        answer, body = runtime.client.read()

    assert (answer.status, answer.header("content-type"), body) == (200, "text/csv", b"a,b")


def test_the_response_mode_is_spelled_in_lower_case_or_the_environment_is_stuck(runtime: ManualRuntime) -> None:
    request_id = runtime.next_id()

    answer, body = runtime.call(
        "POST", f"/invocation/{request_id}/response", b"{}", lambda_runtime_function_response_mode="Streaming"
    )

    assert answer.status == 400
    assert json.loads(body)["errorType"] == "InvalidFunctionResponseMode"
    assert runtime.client.read()[0].status == 502
    assert runtime.call("GET", "/invocation/next")[0].status == 403


def test_an_error_in_declared_trailers_is_logged_and_the_body_ends_as_usual(runtime: ManualRuntime) -> None:
    request_id = runtime.next_id()
    with runtime.connect() as post:
        runtime.begin_stream(post, request_id, trailer=TRAILERS)
        post.send_chunk(b"{}" + NULS + b"half")
        post.send(b"0\r\nLambda-Runtime-Function-Error-Type: ValueError\r\n\r\n")

        assert runtime.client.read()[1] == b"half"
        assert post.read()[0].status == 202

    assert runtime.log[-1] == f"RequestId: {request_id} Error: ValueError after the response began"


def test_trailers_that_were_not_declared_vanish(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"half")
        post.send(b"0\r\nLambda-Runtime-Function-Error-Type: ValueError\r\n\r\n")
        assert post.read()[0].status == 202

    assert len(runtime.log) == 1


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


def test_a_post_that_breaks_off_leaves_the_client_without_an_end(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"half")
        runtime.client.read_head()

    assert runtime.client.read_chunk() == b"half"
    with pytest.raises(EOFError):
        runtime.client.read_chunk()
    wait_until(lambda: runtime.log[-1].endswith("Error: Runtime.TruncatedResponse"))


@pytest.mark.parametrize("stream", [b"not json" + NULS, b'{"headers": {"a": "b\\r\\nc"}}' + NULS, b'{"statusCode"'])
def test_a_head_that_cannot_be_passed_on_is_a_bad_gateway(runtime: ManualRuntime, stream: bytes) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(stream)
        post.send(b"0\r\n\r\n")
        assert post.read()[0].status == 202

    assert runtime.client.read()[0].status == 502
    assert runtime.log[-1].startswith("The function's answer cannot be passed on: ")


def test_a_stream_that_takes_too_long_is_cut_and_says_why_in_the_log(tmp_path: Path) -> None:
    with manual_runtime(tmp_path, timeout_seconds=0.5) as runtime, runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"half")
        runtime.client.read_head()
        assert runtime.client.read_chunk() == b"half"

        with pytest.raises(EOFError):
            runtime.client.read_chunk()

        wait_until(lambda: runtime.log[-1].endswith("Task timed out after 0.50 seconds"))
