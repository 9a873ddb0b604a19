"""`local` with real processes: AWS's runtime client and streaming_runtime under handlers that do what a test says."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.server import LocalLambda
from stacks.bundling import HostTarget
from tests.support.logs import keep
from tests.support.manual_runtime import wait_until
from tests.support.raw_http import Answer, RawConnection
from tests.support.secrets import secret

ROOT = Path(__file__).parent.parent.parent
HANDLERS = Path(__file__).parent.parent / "support" / "handlers"
FREE = ("idle", "finishing")


class Emulated:
    """A running function and its log."""

    def __init__(self, server: LocalLambda, log: list[tuple[int, str]]) -> None:
        self.server = server
        self.log = log

    def connect(self) -> RawConnection:
        return RawConnection(self.server.port)

    def ask(self, action: str, body: str = "", **headers: str) -> tuple[Answer, bytes]:
        """Ask the handler for one of its actions."""
        with self.connect() as connection:
            connection.request("POST", f"/api/{action}", body.encode(), **headers)
            return connection.read()

    def has_logged(self, part: str) -> bool:
        return any(part in line for _, line in self.log)


Start = Callable[..., Emulated]


@pytest.fixture(scope="module")
def start(task_root: Path, host: HostTarget) -> Start:
    def start(  # noqa: PLR0913  # options by name
        stack: ExitStack,
        *,
        module: str = "emulated",
        root: Path = task_root,
        environment: Mapping[str, str] | None = None,
        web_root: Path | None = None,
        timeout_seconds: float = 60,
        max_environments: int = 10,
        cors_origins: Sequence[str] = (),
    ) -> Emulated:
        log: list[tuple[int, str]] = []
        server = LocalLambda(
            root,
            host.interpreter,
            {"PYTHONPATH": str(HANDLERS), **(environment or {})},
            handler=f"{module}.handler",
            web_root=web_root,
            page_config={"demo": True},
            timeout_seconds=timeout_seconds,
            max_environments=max_environments,
            cors_origins=cors_origins,
            log=lambda number, line: log.append((number, keep(line))),
        )
        return Emulated(stack.enter_context(server), log)

    return start


@pytest.fixture(scope="module")
def function(start: Start) -> Iterator[Emulated]:
    """One function for all tests that need no settings of their own: it has to survive each of them."""
    with pytest.MonkeyPatch.context() as shell, ExitStack() as stack:
        shell.setenv("OPENAI_API_KEY", secret("sk-of-the-developers-shell"))
        yield start(stack, cors_origins=["https://chat.example"], max_environments=4)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


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


def test_requests_one_after_the_other_are_answered_by_the_same_process(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    pids = {function.ask("pid")[1] for _ in range(20)}

    assert len(pids) == 1


def test_requests_at_the_same_time_each_have_a_process_of_their_own(function: Emulated, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with ExitStack() as clients:
        connections = [clients.enter_context(function.connect()) for _ in range(3)]
        for connection in connections:
            connection.request("POST", "/api/hold", str(gate).encode())
        pids = set()
        for connection in connections:
            connection.read_head()
            pids.add(int(connection.read_chunk()))
        assert len(pids) == 3
        assert pids <= {environment.pid for environment in function.server.environments}
        gate.touch()
        for connection in connections:
            assert connection.read_chunk() == b" released"

    assert int(function.ask("pid")[1]) in {environment.pid for environment in function.server.environments}


def test_more_requests_than_there_may_be_environments_are_throttled(
    start: Start, stack: ExitStack, tmp_path: Path
) -> None:
    function = start(stack, max_environments=1)
    gate = tmp_path / "gate"
    with function.connect() as client:
        client.request("POST", "/api/hold", str(gate).encode())
        client.read_head()

        answer, body = function.ask("pid")

        assert answer.status == 429
        assert json.loads(body)["Reason"] == "ConcurrentInvocationLimitExceeded"
        gate.touch()
        assert list(iter(client.read_chunk, b"")) != []
    assert function.ask("pid")[0].status == 200


def test_the_function_goes_on_when_the_client_leaves(start: Start, stack: ExitStack, tmp_path: Path) -> None:
    function = start(stack)
    gate = tmp_path / "gate"
    with function.connect() as client:
        client.request("POST", "/api/hold", str(gate).encode())
        client.read_head()
        pid = int(client.read_chunk())

    busy = function.server.environments[0]
    assert (busy.pid, busy.state) == (pid, "responding")
    assert int(function.ask("pid")[1]) != pid
    gate.touch()
    wait_until(Path(f"{gate}.end").exists)
    wait_until(lambda: all(environment.state in FREE for environment in function.server.environments))
    assert {environment.pid for environment in function.server.environments} >= {pid}


def test_a_long_stream_runs_to_its_end_when_the_client_leaves(function: Emulated) -> None:
    with function.connect() as client:
        client.request("POST", "/api/flood")
        client.read_head()
        client.read_chunk()

    wait_until(lambda: all(environment.state in FREE for environment in function.server.environments))
    with function.connect() as client:
        client.request("POST", "/api/flood")
        answer, body = client.read()
    assert (answer.status, len(body)) == (200, 512 * 8 * 4096)


def test_an_exception_before_the_first_chunk_is_a_bad_gateway(function: Emulated) -> None:
    answer, body = function.ask("raise")

    assert (answer.status, body) == (502, b"Internal Server Error")
    wait_until(lambda: function.has_logged("raised on purpose"))


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


def test_an_idle_process_that_died_is_replaced(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    pid = int(function.ask("pid")[1])

    os.kill(pid, signal.SIGKILL)

    assert int(function.ask("pid")[1]) != pid


def test_a_function_that_takes_too_long_is_killed_and_replaced(start: Start, stack: ExitStack) -> None:
    function = start(stack, timeout_seconds=1)
    pid = int(function.ask("pid")[1])

    assert function.ask("sleep")[0].status == 502

    assert function.has_logged("Sandbox.Timedout Task timed out after 1.00 seconds")
    assert int(function.ask("pid")[1]) != pid


def test_what_goes_on_after_the_answer_counts_as_well(start: Start, stack: ExitStack) -> None:
    function = start(stack, timeout_seconds=1)

    pid = function.ask("linger")[1]

    assert function.ask("pid")[1] != pid
    wait_until(lambda: function.has_logged("Sandbox.Timedout"))
    wait_until(lambda: len(function.server.environments) == 1)


def test_a_body_that_is_not_the_one_that_was_hashed_is_refused(function: Emulated) -> None:
    digest = hashlib.sha256(b"body").hexdigest()

    assert function.ask("pid", "body", x_amz_content_sha256=digest)[0].status == 200
    assert function.ask("pid", "tampered", x_amz_content_sha256=digest)[0].status == 403


def test_a_response_over_6_mb_is_a_bad_gateway(function: Emulated) -> None:
    assert function.ask("large")[0].status == 502
    assert function.has_logged("Function.ResponseSizeTooLarge")
    assert function.ask("pid")[0].status == 200


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


def test_a_preflight_is_answered_without_the_function(start: Start, stack: ExitStack) -> None:
    function = start(stack, cors_origins=["https://chat.example"])
    with function.connect() as client:
        client.request("OPTIONS", "/api/pid", b"", origin="https://chat.example", access_control_request_method="POST")
        answer, _ = client.read()

    assert (answer.status, answer.header("access-control-allow-origin")) == (200, "https://chat.example")
    assert function.server.environments == []


def test_the_answer_to_an_allowed_origin_says_so_once(function: Emulated) -> None:
    answer, _ = function.ask("pid", origin="https://chat.example")

    assert answer.header("access-control-allow-origin") == "https://chat.example"


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "https://evil.example"}])
def test_other_peoples_pages_get_nothing(function: Emulated, headers: dict[str, str]) -> None:
    assert function.ask("pid", **headers)[0].status == 403


def test_head_runs_the_function_and_leaves_its_body_out(function: Emulated) -> None:
    with function.connect() as client:
        client.request("HEAD", "/api/context")
        assert client.read_head().status == 200
        client.request("POST", "/api/pid")
        assert client.read()[0].status == 200


def test_page_and_function_share_a_port(start: Start, stack: ExitStack, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    function = start(stack, web_root=tmp_path, environment={"MAX_INPUT_CHARS": "7"})
    with function.connect() as client:
        client.request("GET", "/")
        answer, body = client.read()
        assert (answer.status, body) == (200, b"page")
        assert answer.header("content-security-policy")
        client.request("GET", "/config.json")
        config = json.loads(client.read()[1])
        client.request("GET", "/api")
        assert client.read()[0].status == 404

    assert config == {"apiBase": "/api/v1", "maxInputChars": 7, "demo": True, "signIn": {"type": "none"}}


def test_leaving_ends_every_process_even_those_that_the_function_started(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    child = int(function.ask("child")[1])
    pids = [environment.pid for environment in function.server.environments]
    with ThreadPoolExecutor(1) as thread, function.connect() as client:
        client.request("POST", "/api/sleep")
        wait_until(lambda: function.server.environments[0].state == "busy")

        stack.close()

        assert thread.submit(client.at_end).result()
    assert not [pid for pid in [*pids, child] if is_running(pid)]


def test_leaving_does_not_wait_for_a_client_that_does_not_read(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    with function.connect() as client:
        client.request("POST", "/api/flood")
        client.read_head()
        time.sleep(0.5)  # for every buffer on the way to fill

        stack.close()

    assert function.server.environments == []


def test_no_process_outlives_a_server_that_was_killed(task_root: Path, host: HostTarget) -> None:
    program = f"""
import time, urllib.request
from pathlib import Path
from local.server import LocalLambda
variables = {{"PYTHONPATH": {str(HANDLERS)!r}}}
task_root, interpreter = Path({str(task_root)!r}), Path({str(host.interpreter)!r})
with LocalLambda(task_root, interpreter, variables, handler="emulated.handler") as server:
    child = urllib.request.urlopen(server.url + "/api/child").read().decode()
    print(server.environments[0].pid, child, flush=True)
    urllib.request.urlopen(server.url + "/api/sleep")
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pids = [int(pid) for pid in server.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(is_running, pids))

        server.kill()

    wait_until(lambda: not any(map(is_running, pids)))


def is_running(pid: int) -> bool:
    """Whether a process exists and is not a zombie that nobody has waited for yet."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")
