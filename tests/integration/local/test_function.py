"""What the function gets and how its answer arrives: as on Lambda."""

import json
from contextlib import ExitStack
from pathlib import Path

from bundle.build import HostTarget
from tests.support.emulated import Emulated, Start
from tests.support.manual_runtime import wait_until


def test_a_stream_arrives_while_it_is_made(function: Emulated, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with function.connect() as client:
        client.request("POST", "/api/hold", str(gate).encode())
        answer = client.read_head()
        assert (answer.status, answer.header("x-a")) == (201, "b")
        assert answer.header("set-cookie") == "a=1; HttpOnly, b=2"
        assert client.read_chunk().isdigit()

        gate.touch()

        assert client.read_chunk() == b" released"
        assert client.read_chunk() == b""


def test_a_plain_return_value_is_the_body_and_may_be_binary(function: Emulated) -> None:
    answer, body = function.ask("context")
    assert (answer.status, answer.header("content-type")) == (200, "application/json")
    assert json.loads(body)["function_name"] == "lambda-stream-chat"

    assert function.ask("binary")[1] == b"\x00\xff"


def test_the_context_is_the_one_that_lambda_gives(function: Emulated) -> None:
    context = json.loads(function.ask("context")[1])

    assert 50_000 < context["remaining_ms"] <= 60_000
    assert context["function_arn"] == "arn:aws:lambda:us-east-1:123456789012:function:lambda-stream-chat"
    assert context["log_group"] == "/aws/lambda/lambda-stream-chat"
    assert context["memory"].isdecimal()


def test_the_variables_are_lambdas_and_nothing_of_the_shell(
    function: Emulated, task_root: Path, host: HostTarget
) -> None:
    variables = json.loads(function.ask("variables")[1])

    assert variables["LAMBDA_TASK_ROOT"] == str(task_root)
    assert variables["AWS_EXECUTION_ENV"] == f"AWS_Lambda_python{host.python_version}"
    assert variables["_HANDLER"] == "emulated.handler"
    assert variables["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"
    assert variables["AWS_ENDPOINT_URL_SSM"].startswith("http://127.0.0.1:")
    assert not {"OPENAI_API_KEY", "HOME", "VIRTUAL_ENV"} & set(variables)


def test_what_it_prints_is_logged_line_by_line_with_its_number(start: Start, stack: ExitStack) -> None:
    function = start(stack)

    function.ask("print", "one\ntwo é", content_type="text/plain")

    wait_until(lambda: function.has_logged("two"))
    assert function.log[:2] == [(1, "one"), (1, "two é")]
    stack.close()
    assert function.log[-1] == (1, "and to stderr")


def test_a_function_with_snap_start_runs_too(start: Start, stack: ExitStack) -> None:
    function = start(stack, environment={"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"})

    assert function.ask("pid")[0].status == 200


def test_a_machine_that_aws_does_not_compile_its_client_for_runs_the_function_too(
    start: Start, stack: ExitStack, task_root: Path, tmp_path: Path
) -> None:
    for entry in task_root.iterdir():
        if not entry.name.startswith("runtime_client."):
            (tmp_path / entry.name).symlink_to(entry)
    function = start(stack, root=tmp_path)

    assert function.ask("binary")[1] == b"\x00\xff"
    assert function.ask("raise")[0].status == 502
    assert function.ask("raise_later")[1] == b"half"
    assert function.ask("large")[0].status == 502
    context = json.loads(function.ask("context")[1])
    assert 50_000 < context["remaining_ms"] <= 60_000
