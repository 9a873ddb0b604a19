"""How the process starts: through other wrappers, under other emulators, and where it cannot run."""

import json
from pathlib import Path

import pytest

from bundle.build import HostTarget
from tests.support.scripted_runtime import ScriptedRuntime, scripted_runtime
from tests.support.scripted_runtime_api import Post

ONE = {"parts": [1], "closing": None, "status": 200, "header": "text"}


def first_response(runtime: ScriptedRuntime) -> Post:
    runtime.api.invoke(ONE)
    return runtime.api.next_post()


def script(path: Path, body: str) -> Path:
    path.write_text(body)
    path.chmod(0o755)
    return path


# What OpenTelemetry's otel-instrument and Datadog's wrapper do, and the example in AWS's documentation:
# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
SETS_VARIABLES = """\
#!/bin/sh
echo "next wrapper"
export ORIG_HANDLER=$_HANDLER
export _HANDLER=wrapping.handler
exec "$@"
"""
ADDS_OPTIONS = """\
#!/bin/bash
echo "next wrapper"
args=("$@")
exec "${args[@]:0:$#-1}" -X dev "${args[@]: -1}"
"""


@pytest.mark.parametrize("wrapper", [SETS_VARIABLES, ADDS_OPTIONS], ids=["variables", "options"])
def test_another_wrapper_comes_next(task_root: Path, host: HostTarget, tmp_path: Path, wrapper: str) -> None:
    path = script(tmp_path / "a wrapper", wrapper)

    with scripted_runtime(task_root, host, NEXT_EXEC_WRAPPER=str(path)) as runtime:
        assert first_response(runtime).chunks[2:] == [b"x"]
        runtime.printed_until("next wrapper")


def test_a_path_after_the_address_and_a_scheme_before_it_are_understood(task_root: Path, host: HostTarget) -> None:
    with scripted_runtime(task_root, host, address="http://{}/of/one/function") as runtime:
        post = first_response(runtime)

    assert post.path.startswith("/of/one/function/2018-06-01/runtime/invocation/")
    assert post.chunks[2:] == [b"x"]


def test_an_error_at_the_start_is_told_to_an_address_with_a_scheme_too(task_root: Path, host: HostTarget) -> None:
    with scripted_runtime(task_root, host, handler="missing.handler", address="http://{}") as runtime:
        post = runtime.api.next_post()

    assert post.path == "/2018-06-01/runtime/init/error"
    assert json.loads(post.chunks[0])["errorType"] == "Runtime.ImportModuleError"


def test_where_a_process_has_several_requests_it_refuses_to_start_and_says_why(
    task_root: Path, host: HostTarget
) -> None:
    with scripted_runtime(task_root, host, AWS_LAMBDA_MAX_CONCURRENCY="8") as runtime:
        post = runtime.api.next_post()
        printed = runtime.printed_until(None)

        assert runtime.process.wait(30) == 1

    assert post.path == "/2018-06-01/runtime/init/error"
    assert "does not run on Lambda Managed Instances" in json.loads(post.chunks[0])["errorMessage"]
    assert len(printed) == 1
    assert printed[0] == json.loads(post.chunks[0])["errorMessage"]


def test_only_the_refusal_of_the_next_event_ends_the_process(task_root: Path, host: HostTarget) -> None:
    with scripted_runtime(task_root, host) as runtime:
        first_response(runtime)
        assert runtime.process.poll() is None

        runtime.api.refuse()

        assert runtime.process.wait(30) != 0
