"""The Runtime API of `local`, over raw sockets: a runtime may do anything."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.manual_runtime import PREFIX, ManualRuntime, manual_runtime, wait_until

NULS = b"\0" * 8
ACCEPTED = b'{"status":"OK"}\n'
TRAILERS = "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[ManualRuntime]:
    with manual_runtime(tmp_path) as runtime:
        yield runtime


def test_next_hands_out_the_event_with_its_deadline(runtime: ManualRuntime) -> None:
    before = time.time() * 1000
    invocation = runtime.next()

    assert json.loads(invocation["event"])["body"] == "first"
    assert before + 29_000 < int(invocation["lambda-runtime-deadline-ms"]) < before + 60_000
    assert invocation["lambda-runtime-invoked-function-arn"].startswith("arn:aws:lambda:")
    assert invocation["lambda-runtime-trace-id"].startswith("Root=1-")
    assert invocation["lambda-runtime-invocation-id"]
    assert invocation["content-type"] == "application/json"


def test_a_buffered_response_becomes_the_answer(runtime: ManualRuntime) -> None:
    request_id = runtime.next_id()

    answer, body = runtime.call("POST", f"/invocation/{request_id}/response", b'{"statusCode": 201, "body": "made"}')

    assert (answer.status, body) == (202, ACCEPTED)
    answer, body = runtime.client.read()
    assert (answer.status, body) == (201, b"made")


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


def test_a_second_response_is_forbidden(runtime: ManualRuntime) -> None:
    path = f"/invocation/{runtime.next_id()}/response"
    assert runtime.call("POST", path, b"1")[0].status == 202

    answer, body = runtime.call("POST", path, b"2")

    assert answer.status == 403
    assert json.loads(body)["errorType"] == "InvalidStateTransition"
    assert runtime.client.read()[1] == b"1"


@pytest.mark.parametrize("what", ["response", "error"])
def test_another_request_id_is_refused_and_changes_nothing(runtime: ManualRuntime, what: str) -> None:
    request_id = runtime.next_id()

    answer, body = runtime.call("POST", f"/invocation/00000000-0000/{what}", b"{}")

    assert answer.status == 400
    assert json.loads(body)["errorType"] == "InvalidRequestID"
    assert runtime.call("POST", f"/invocation/{request_id}/response", b"1")[0].status == 202


def test_the_invocation_id_of_another_delivery_is_gone(runtime: ManualRuntime) -> None:
    invocation = runtime.next()
    path = f"/invocation/{invocation['lambda-runtime-aws-request-id']}/response"

    assert runtime.call("POST", path, b"1", lambda_runtime_invocation_id="stale")[0].status == 410

    own = invocation["lambda-runtime-invocation-id"]
    assert runtime.call("POST", path, b"1", lambda_runtime_invocation_id=own)[0].status == 202


def test_a_response_before_there_was_an_invocation_is_refused(runtime: ManualRuntime) -> None:
    assert runtime.call("POST", "/invocation/any/response", b"1")[0].status == 400


def test_next_is_forbidden_while_there_is_something_to_answer(runtime: ManualRuntime) -> None:
    runtime.next()

    assert runtime.call("GET", "/invocation/next")[0].status == 403


def test_a_buffered_response_over_6_mb_is_too_large_and_the_next_one_is_fine(runtime: ManualRuntime) -> None:
    request_id = runtime.next_id()

    answer, body = runtime.call("POST", f"/invocation/{request_id}/response", b"x" * (6 * 1024 * 1024 + 101))

    assert answer.status == 413
    assert json.loads(body)["errorType"] == "RequestEntityTooLarge"
    assert runtime.client.read()[0].status == 502
    runtime.client.request("POST", "/api/ask", b"second")
    request_id = runtime.next_id()
    assert runtime.call("POST", f"/invocation/{request_id}/response", b"2")[0].status == 202
    assert runtime.client.read()[1] == b"2"


def test_an_error_is_a_bad_gateway_that_tells_the_client_nothing(runtime: ManualRuntime) -> None:
    request_id = runtime.next_id()

    answer, body = runtime.call(
        "POST",
        f"/invocation/{request_id}/error",
        b'{"errorMessage": "secret", "errorType": "ValueError"}',
        lambda_runtime_function_error_type="ValueError",
    )

    assert (answer.status, body) == (202, ACCEPTED)
    answer, body = runtime.client.read()
    assert (answer.status, body) == (502, b"Internal Server Error")
    assert runtime.log[-1] == f"RequestId: {request_id} Error: ValueError"


def test_an_error_after_the_response_began_is_forbidden(runtime: ManualRuntime) -> None:
    request_id = runtime.next_id()
    with runtime.connect() as post:
        runtime.begin_stream(post, request_id)
        post.send_chunk(b"{}" + NULS + b"body")
        runtime.client.read_head()

        assert runtime.call("POST", f"/invocation/{request_id}/error", b"{}")[0].status == 403


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


def test_trailers_over_4_kb_make_a_truncated_response(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id(), trailer=TRAILERS)
        post.send_chunk(b"{}" + NULS + b"half")
        post.send(b"0\r\nLambda-Runtime-Function-Error-Body: " + b"x" * 4097 + b"\r\n\r\n")
        runtime.client.read_head()

        assert runtime.client.read_chunk() == b"half"
        with pytest.raises(EOFError):
            runtime.client.read_chunk()

    assert runtime.log[-1].endswith("Error: Runtime.TruncatedResponse")


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


def test_an_init_error_is_a_bad_gateway(runtime: ManualRuntime) -> None:
    answer, _ = runtime.call("POST", "/init/error", b"{}", lambda_runtime_function_error_type="Runtime.ImportError")

    assert answer.status == 202
    assert runtime.client.read()[0].status == 502
    assert "Runtime.ImportError" in runtime.log[-1]
    assert runtime.call("GET", "/invocation/next")[0].status == 403


def test_an_init_error_is_forbidden_once_it_runs(runtime: ManualRuntime) -> None:
    runtime.next()

    assert runtime.call("POST", "/init/error", b"{}")[0].status == 403


def test_a_snapshot_is_restored_at_once_and_may_fail_to_be(runtime: ManualRuntime) -> None:
    assert runtime.call("GET", "/restore/next")[0].status == 200
    assert runtime.call("POST", "/restore/error", b"{}")[0].status == 202

    assert runtime.client.read()[0].status == 502


def test_the_address_may_carry_a_path(runtime: ManualRuntime) -> None:
    with runtime.connect() as connection:
        connection.request("GET", f"/some/path{PREFIX}/invocation/next")

        assert connection.read()[0].status == 200


def test_a_runtime_may_ask_again_on_a_new_connection(runtime: ManualRuntime) -> None:
    assert runtime.call("POST", f"/invocation/{runtime.next_id()}/response", b"1")[0].status == 202
    with runtime.connect() as first, runtime.connect() as second:
        first.request("GET", f"{PREFIX}/invocation/next")
        wait_until(lambda: runtime.server.environments[0].state == "idle")
        second.request("GET", f"{PREFIX}/invocation/next")
        assert first.at_end()
        runtime.client.read()
        runtime.client.request("POST", "/api/ask", b"second")

        assert second.read()[0].status == 200


def test_anything_else_is_not_there(runtime: ManualRuntime) -> None:
    assert runtime.call("GET", "/init/error")[0].status == 404
    assert runtime.call("POST", "/invocation/next")[0].status == 404


def test_a_function_that_does_not_answer_in_time_is_killed(tmp_path: Path) -> None:
    with manual_runtime(tmp_path, timeout_seconds=0.3) as runtime:
        request_id = runtime.next_id()

        answer, body = runtime.client.read()

        assert (answer.status, body) == (502, b"Internal Server Error")
        assert runtime.log[-1] == f"RequestId: {request_id} Error: Sandbox.Timedout Task timed out after 0.30 seconds"
        wait_until(lambda: not runtime.server.environments)


def test_a_stream_that_takes_too_long_is_cut_and_says_why_in_the_log(tmp_path: Path) -> None:
    with manual_runtime(tmp_path, timeout_seconds=0.5) as runtime, runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"half")
        runtime.client.read_head()
        assert runtime.client.read_chunk() == b"half"

        with pytest.raises(EOFError):
            runtime.client.read_chunk()

        wait_until(lambda: runtime.log[-1].endswith("Task timed out after 0.50 seconds"))
