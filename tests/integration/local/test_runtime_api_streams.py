"""The Runtime API with streamed responses: chunk by chunk, with trailers, broken off."""

import json
from pathlib import Path

import pytest

from tests.support.manual_runtime import ManualRuntime, manual_runtime, wait_until

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
