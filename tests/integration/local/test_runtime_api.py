"""The Runtime API of `local`, over raw sockets: a runtime may do anything."""

import json
import time
from pathlib import Path

import pytest

from tests.support.manual_runtime import PREFIX, ManualRuntime, manual_runtime, wait_until

NULS = b"\0" * 8
ACCEPTED = b'{"status":"OK"}\n'


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


def test_next_gives_the_same_event_again_until_it_is_answered(runtime: ManualRuntime) -> None:
    first = runtime.next()

    assert runtime.next() == first

    path = f"/invocation/{first['lambda-runtime-aws-request-id']}/response"
    assert runtime.call("POST", path, b"1")[0].status == 202


def test_next_is_forbidden_while_the_response_is_posted(runtime: ManualRuntime) -> None:
    with runtime.connect() as post:
        runtime.begin_stream(post, runtime.next_id())
        post.send_chunk(b"{}" + NULS + b"half")
        runtime.client.read_head()

        assert runtime.call("GET", "/invocation/next")[0].status == 403


def test_next_may_have_a_query(runtime: ManualRuntime) -> None:
    assert runtime.call("GET", "/invocation/next?x=1")[0].status == 200


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


def test_an_error_may_come_with_a_cause_of_a_mebibyte(runtime: ManualRuntime) -> None:
    path = f"/invocation/{runtime.next_id()}/error"
    cause = "x" * 1024 * 1024

    answer, _ = runtime.call("POST", path, b"x" * 2_000_000, lambda_runtime_function_xray_error_cause=cause)

    assert answer.status == 202
    assert runtime.client.read()[0].status == 502


def test_an_error_after_the_response_began_is_forbidden(runtime: ManualRuntime) -> None:
    request_id = runtime.next_id()
    with runtime.connect() as post:
        runtime.begin_stream(post, request_id)
        post.send_chunk(b"{}" + NULS + b"body")
        runtime.client.read_head()

        assert runtime.call("POST", f"/invocation/{request_id}/error", b"{}")[0].status == 403


def test_an_init_error_is_a_bad_gateway(runtime: ManualRuntime) -> None:
    answer, _ = runtime.call("POST", "/init/error", b"{}", lambda_runtime_function_error_type="Runtime.ImportError")

    assert answer.status == 202
    assert runtime.client.read()[0].status == 502
    assert "Runtime.ImportError" in runtime.log[-1]
    assert runtime.call("GET", "/invocation/next")[0].status == 403


def test_an_init_error_is_forbidden_once_it_runs(runtime: ManualRuntime) -> None:
    runtime.next()

    assert runtime.call("POST", "/init/error", b"{}")[0].status == 403


def test_a_snapshot_is_restored_at_once_and_may_fail_to_be(tmp_path: Path) -> None:
    with manual_runtime(tmp_path, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start") as runtime:
        assert runtime.call("GET", "/restore/next")[0].status == 200
        assert runtime.call("POST", "/restore/error", b"{}")[0].status == 202

        assert runtime.client.read()[0].status == 502


def test_without_snap_start_there_is_nothing_to_restore(runtime: ManualRuntime) -> None:
    assert runtime.call("GET", "/restore/next")[0].status == 404
    assert runtime.call("POST", "/restore/error", b"{}")[0].status == 404


@pytest.mark.parametrize("prefix", ["/some/path", "/"])
def test_the_address_carries_no_path(runtime: ManualRuntime, prefix: str) -> None:
    with runtime.connect() as connection:
        connection.request("GET", f"{prefix}{PREFIX}/invocation/next")

        assert connection.read()[0].status == 404


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
