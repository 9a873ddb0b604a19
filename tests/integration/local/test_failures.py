"""What the client gets when the function fails, and that the next one is answered."""

import hashlib
import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.emulated import Emulated, Start
from tests.support.manual_runtime import wait_until


def test_an_exception_before_the_first_chunk_is_a_bad_gateway(function: Emulated) -> None:
    answer, body = function.ask("raise")

    assert (answer.status, body) == (502, b"Internal Server Error")
    wait_until(lambda: function.has_logged("raised on purpose"))


def test_an_exception_may_have_a_very_long_message(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    pid = function.ask("pid")[1]

    assert function.ask("raise_at_length")[0].status == 502

    assert function.ask("pid")[1] == pid


def test_a_generator_alone_is_a_bad_gateway_and_the_log_says_what_to_return(function: Emulated) -> None:
    assert function.ask("generator")[0].status == 502

    wait_until(lambda: function.has_logged("returns StreamingResponse(...), not the generator alone"))


def test_a_text_that_has_no_encoding_is_answered_as_json_has_it(function: Emulated) -> None:
    answer, body = function.ask("surrogate")

    assert (answer.status, json.loads(body)) == (200, {"text": "\ud800"})


def test_an_exception_in_mid_stream_ends_the_body_and_the_process_goes_on(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    pid = function.ask("pid")[1]

    assert function.ask("raise_later")[1] == b"half"

    assert function.ask("pid")[1] == pid
    assert function.has_logged("ValueError after the response began")


def test_a_process_that_exits_is_a_bad_gateway_and_is_replaced(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    pid = int(function.ask("pid")[1])

    assert function.ask("exit")[0].status == 502

    assert function.has_logged("Runtime.ExitError Runtime exited with error: exit status 3")
    assert int(function.ask("pid")[1]) != pid


def test_a_process_that_exits_in_mid_stream_cuts_the_answer(function: Emulated) -> None:
    with function.connect() as client:
        client.request("POST", "/api/exit_later")
        client.read_head()
        assert client.read_chunk() == b"half"
        with pytest.raises(EOFError):
            client.read_chunk()

    assert function.ask("pid")[0].status == 200


def test_a_body_that_is_not_the_one_that_was_hashed_is_refused(function: Emulated) -> None:
    digest = hashlib.sha256(b"body").hexdigest()

    assert function.ask("pid", "body", x_amz_content_sha256=digest)[0].status == 200
    assert function.ask("pid", "tampered", x_amz_content_sha256=digest)[0].status == 403


def test_a_response_over_6_mb_is_a_bad_gateway_and_the_process_goes_on(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    pid = function.ask("pid")[1]

    assert function.ask("large")[0].status == 502

    assert function.has_logged("Function.ResponseSizeTooLarge")
    assert function.ask("pid")[1] == pid


def test_a_request_over_6_mb_never_reaches_the_function(start: Start, stack: ExitStack) -> None:
    function = start(stack)

    assert function.ask("pid", "x" * (6 * 1024 * 1024))[0].status == 413
    assert function.server.environments == []


def test_a_module_that_cannot_be_imported_is_a_bad_gateway(start: Start, stack: ExitStack) -> None:
    function = start(stack, module="broken_at_import")

    assert function.ask("pid")[0].status == 502

    wait_until(lambda: function.has_logged("broken at import"))
    wait_until(lambda: function.server.environments == [])


def test_a_task_root_without_a_bootstrap_is_a_bad_gateway(start: Start, stack: ExitStack, tmp_path: Path) -> None:
    function = start(stack, root=tmp_path)

    assert function.ask("pid")[0].status == 502
    assert function.has_logged("No such file or directory")
