"""Which process answers which request, for how long it lives, and what is left of it in the end."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from bundle.build import HostTarget
from tests.support.emulated import HANDLERS, Emulated, Start
from tests.support.manual_runtime import wait_until

ROOT = Path(__file__).parents[3]
FREE = ("idle", "finishing")


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


def test_the_function_goes_on_when_the_client_leaves_while_it_sends_nothing(
    start: Start, stack: ExitStack, tmp_path: Path
) -> None:
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


@pytest.mark.parametrize("tells_of_leaving", [True, False])
def test_a_stream_whose_client_leaves_is_cut_or_runs_to_its_end_and_the_process_goes_on(
    start: Start, stack: ExitStack, tmp_path: Path, *, tells_of_leaving: bool
) -> None:
    function = start(stack, tells_of_leaving=tells_of_leaving)
    closed = tmp_path / "closed"
    with function.connect() as client:
        client.request("POST", "/api/flood", str(closed).encode(), content_type="text/plain")
        client.read_head()
        pid = int(client.read_chunk())

    wait_until(closed.exists)
    wait_until(lambda: all(environment.state == "idle" for environment in function.server.environments))
    assert closed.read_text() == ("cut" if tells_of_leaving else "complete")
    assert int(function.ask("pid")[1]) == pid
    if tells_of_leaving:
        wait_until(lambda: function.has_logged("The response was not delivered: "))
    else:
        assert not function.has_logged("The response was not delivered: ")


def test_a_long_stream_arrives_in_full(function: Emulated) -> None:
    with function.connect() as client:
        client.request("POST", "/api/flood")
        answer, body = client.read()

    assert (answer.status, len(body.partition(b"\n")[2])) == (200, 512 * 8 * 4096)


def test_an_idle_process_that_died_is_replaced(start: Start, stack: ExitStack) -> None:
    function = start(stack)
    pid = int(function.ask("pid")[1])

    os.kill(pid, signal.SIGKILL)

    wait_until(lambda: function.server.environments == [])  # an event given to it before that is lost, as on Lambda
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
