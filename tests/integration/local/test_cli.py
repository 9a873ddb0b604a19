"""`python -m local` as a person starts and stops it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.http1 import Exchange
from local.loopback import listen
from tests.support.logs import keep
from tests.support.manual_runtime import wait_until
from tests.support.raw_http import RawConnection
from tests.support.secrets import secret
from tests.support.serving import serving

ROOT = Path(__file__).parents[3]


async def upstream_api(exchange: Exchange) -> None:
    """A model server that says which key and model it was asked with."""
    if exchange.target == "/v1/models":
        await exchange.respond(200, [], b'{"data":[{"id":"tiny"}]}')
        return
    request = json.loads(await exchange.body(100_000))
    word = f"{request['model']} {exchange.header('authorization')}"
    delta = {"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": "stop"}]}
    await exchange.respond(
        200, [("content-type", "text/event-stream")], f"data: {json.dumps(delta)}\n\ndata: [DONE]\n\n".encode()
    )


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    with serving(upstream_api) as port:
        yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def local(*arguments: str, **environment: str) -> "Iterator[subprocess.Popen[str]]":
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("OPENAI_") and name != "MODELS"
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "--port", "0", *arguments],
        cwd=ROOT,
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: "subprocess.Popen[str]", end: str) -> str:
    """What it prints, up to a line with `end`."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += keep(line)
        if end in line:
            return printed
    raise AssertionError(f"it ended without {end!r}: {printed}")


def children(pid: int) -> list[int]:
    output = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in output.splitlines()]
    return [int(child) for child, parent, state in rows if int(parent) == pid and not state.startswith("Z")]


def are_gone(pids: list[int]) -> bool:
    listing = subprocess.run(["ps", "-A", "-o", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    alive = {int(row.split()[0]) for row in listing.splitlines() if not row.split()[1].startswith("Z")}
    return not alive & set(pids)


def test_it_tells_where_it_is_and_the_curl_line_works(upstream: str) -> None:
    with local(OPENAI_BASE_URL=upstream, OPENAI_API_KEY=secret("sk-mine")) as process:
        printed = read_until(process, "Ctrl-C stops it.")
        assert f"tiny at {upstream}" in printed
        found = re.search(r"curl -N http://localhost:(\d+)/api/ -d '(.*)'", printed)
        assert found is not None

        with RawConnection(int(found[1]), "localhost") as client:
            client.request("POST", "/api/", found[2].encode(), content_type="application/x-www-form-urlencoded")
            assert client.read()[1].strip() == b"tiny Bearer sk-mine"


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_cleanly_and_leaves_no_process_behind(upstream: str, signum: signal.Signals) -> None:
    with local(OPENAI_BASE_URL=upstream) as process:
        read_until(process, "Ctrl-C stops it.")
        started = children(process.pid)
        assert len(started) >= 2

        process.send_signal(signum)

        assert read_until(process, "Stopped.").endswith("Stopped.\n")
        assert process.wait(20) == 0
        assert are_gone(started)


def test_it_leaves_no_process_behind_when_it_is_killed(upstream: str) -> None:
    with local(OPENAI_BASE_URL=upstream) as process:
        read_until(process, "Ctrl-C stops it.")
        started = children(process.pid)
        assert len(started) >= 2  # the function's process and the one that watches over it

        process.kill()

        wait_until(lambda: are_gone(started))


def test_a_port_that_is_taken_is_said_to_be_and_another_suggested(upstream: str) -> None:
    listeners = listen()
    port = listeners[0].getsockname()[1]
    with local("--port", str(port), OPENAI_BASE_URL=upstream) as process:
        output, _ = process.communicate(timeout=30)
    for listener in listeners:
        listener.close()

    assert process.returncode == 1
    assert f"Port {port} is taken by another program" in output
    assert re.search(r'make chat ARGS="--port \d+"', output)
    assert "Traceback" not in output


def test_a_model_server_that_does_not_answer_is_said_not_to() -> None:
    with local(OPENAI_BASE_URL="http://127.0.0.1:9/v1") as process:
        output, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "OPENAI_BASE_URL=http://127.0.0.1:9/v1 does not answer" in output
    assert "Traceback" not in output


def test_a_wrong_setting_of_the_function_shows_at_once(upstream: str) -> None:
    with local("--set", "HEARTBEAT_SECONDS=often", OPENAI_BASE_URL=upstream) as process:
        output, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "HEARTBEAT_SECONDS: got 'often'; accepted: a number from" in output
    assert "Traceback" not in output


def test_a_page_of_another_origin_can_be_let_in(upstream: str) -> None:
    origins = ["--cors-origin", "https://a.example", "--cors-origin", "https://b.example"]
    with local(*origins, OPENAI_BASE_URL=upstream) as process:
        found = re.search(r"http://localhost:(\d+)", read_until(process, "curl -N"))
        assert found is not None
        for origin, allowed in (("https://a.example", True), ("https://b.example", True), ("https://c.example", False)):
            with RawConnection(int(found[1])) as client:
                client.request("OPTIONS", "/api/v1/models", origin=origin, access_control_request_method="GET")
                assert client.read()[0].header("access-control-allow-origin") == (origin if allowed else "")


def test_models_and_settings_can_be_given(upstream: str) -> None:
    with local("--model", "a, b", "--set", "MAX_INPUT_CHARS=5", OPENAI_BASE_URL=upstream) as process:
        printed = read_until(process, "curl -N")
        assert "a, b at" in printed
        found = re.search(r"http://localhost:(\d+)", printed)
        assert found is not None

        with RawConnection(int(found[1])) as client:
            client.request("GET", "/api/v1/models")
            assert [model["id"] for model in json.loads(client.read()[1])["data"]] == ["a", "b"]
            client.request("GET", "/config.json")
            config = json.loads(client.read()[1])
            assert (config["maxInputChars"], config["signIn"]) == (5, {"type": "none"})


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--set", "NAME"], "argument --set: 'NAME' is not NAME=VALUE"),
        (["--port", "many"], "argument --port: 'many' is no port: 0 to 65535"),
        (["--port", "99999"], "argument --port: '99999' is no port: 0 to 65535"),
        (["--port", "-1"], "argument --port: '-1' is no port: 0 to 65535"),
        (
            ["--cors-origin", "*"],
            "argument --cors-origin: '*' is no origin such as https://example.com, without a path",
        ),
        (["--what"], "unrecognized arguments: --what"),
    ],
)
def test_a_wrong_option_is_explained(arguments: list[str], reason: str) -> None:
    with local(*arguments) as process:
        output, _ = process.communicate(timeout=30)

    assert process.returncode == 2
    assert output.startswith("usage: python -m local")
    assert output.endswith(f"error: {reason}\n")


def test_a_password_in_the_base_url_is_refused_in_one_line_without_it() -> None:
    with local(OPENAI_BASE_URL=f"http://user:{secret('hidden-password')}@localhost/v1") as process:
        output, _ = process.communicate(timeout=30)

    assert process.returncode == 1
    assert keep(output).count("\n") == 1


def test_help_names_the_variables_that_choose_the_model() -> None:
    with local("--help") as process:
        output, _ = process.communicate(timeout=30)

    assert process.returncode == 0
    assert {"OPENAI_API_KEY", "OPENAI_BASE_URL"} <= set(re.findall(r"\w+", output))
