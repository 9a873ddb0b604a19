import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.http1 import Exchange
from local.loopback import listen
from local.upstream import OPENAI, Upstream, UpstreamError, upstream_from
from tests.support.serving import serving

DEPLOYED = ["gpt-large", "gpt-small"]


async def answer(exchange: Exchange) -> None:
    match exchange.target:
        case "/v1/models":
            listed = {"data": [{"id": "llama"}, {"id": f"key={exchange.header('authorization')}"}]}
            await exchange.respond(200, [], json.dumps(listed).encode())
        case "/empty/models":
            await exchange.respond(200, [], b'{"data":[]}')
        case "/strange/models":
            await exchange.respond(200, [], b'{"models":[]}')
        case "/html/models":
            await exchange.respond(200, [], b"<html>")
        case "/text/models":
            await exchange.respond(200, [], b"\xff")
        case "/cut/models":
            await exchange.start(200, [("content-length", "100")])
            await exchange.write(b'{"data":[]')
            exchange.break_off()
        case "/closed/models":
            await exchange.respond(401, [])
        case _:
            await exchange.respond(404, [])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(answer) as port:
        yield f"http://127.0.0.1:{port}"


def test_without_variables_there_is_no_upstream() -> None:
    assert upstream_from({}, [], DEPLOYED) is None
    assert upstream_from({"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}, [], DEPLOYED) is None


def test_a_key_alone_is_for_openai_with_the_deployments_models() -> None:
    assert upstream_from({"OPENAI_API_KEY": "sk-1"}, [], DEPLOYED) == Upstream(OPENAI, "sk-1", DEPLOYED)


def test_named_models_are_taken_without_asking() -> None:
    environment = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1/", "OPENAI_API_KEY": "k"}

    assert upstream_from(environment, ["mine"], DEPLOYED) == Upstream("http://127.0.0.1:9/v1", "k", ["mine"])


def test_a_server_of_ones_own_is_asked_for_its_models_and_needs_no_key(server: str) -> None:
    upstream = upstream_from({"OPENAI_BASE_URL": f"{server}/v1"}, [], DEPLOYED)

    assert upstream is not None
    assert upstream.models == ["llama", f"key=Bearer {upstream.key}"]
    assert upstream.key


def test_openai_itself_needs_a_key() -> None:
    with pytest.raises(UpstreamError, match="set OPENAI_API_KEY"):
        upstream_from({"OPENAI_BASE_URL": OPENAI}, [], DEPLOYED)


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("/empty", "has no models yet"),
        ("/strange", "does not list models. .* name one with --model"),
        ("/html", "does not list models. Has the URL its /v1"),
        ("/text", "does not list models"),
        ("/cut", r"no whole answer in HTTP: IncompleteRead\(10 bytes read, 90 more expected\)"),
        ("/closed", "answers 401 .* Set OPENAI_API_KEY"),
        ("", "answers 404 .* has the URL its /v1"),
    ],
)
def test_a_server_that_does_not_list_its_models_gets_advice(server: str, path: str, advice: str) -> None:
    with pytest.raises(UpstreamError, match=advice):
        upstream_from({"OPENAI_BASE_URL": server + path}, [], DEPLOYED)


def test_a_server_that_is_not_there_is_said_not_to_be() -> None:
    listeners = listen()
    port = listeners[0].getsockname()[1]
    for listener in listeners:
        listener.close()

    with pytest.raises(UpstreamError, match=r"does not answer: .*refused.* Is the server running"):
        upstream_from({"OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}, [], DEPLOYED)


def test_what_does_not_speak_http_is_shown_in_short() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as thread:

        def greet() -> None:
            with listener.accept()[0] as connection:
                connection.sendall(b"SSH-2.0-" + b"x" * 5000 + b"\r\n")
                connection.recv(65536)

        thread.submit(greet)
        with pytest.raises(UpstreamError, match=r"no whole answer in HTTP: BadStatusLine\('SSH-2.0-x+") as caught:
            upstream_from({"OPENAI_BASE_URL": f"http://127.0.0.1:{listener.getsockname()[1]}"}, [], DEPLOYED)

    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("models", [[], ["mine"]])
@pytest.mark.parametrize(
    "base_url",
    [
        "ollama",
        "ftp://localhost/v1",
        "http:///v1",
        "http://localhost:99999/v1",
        "http://localhost:port/v1",
        "http://[::1/v1",
        "http://localhost/v1?key=hidden",
        "http://localhost/v1#hidden",
        "http://local host/v1",
        "http://localhost/\tv1",
    ],
)
def test_a_base_url_that_is_none_is_refused_without_being_shown(base_url: str, models: list[str]) -> None:
    with pytest.raises(UpstreamError, match="must be like http://localhost:11434/v1") as caught:
        upstream_from({"OPENAI_BASE_URL": base_url}, models, DEPLOYED)

    assert base_url not in str(caught.value)


@pytest.mark.parametrize(
    "base_url", ["http://user:hidden@localhost/v1", "https://hidden@localhost:8000", "//u:hidden@h"]
)
def test_a_password_in_the_base_url_is_refused_without_being_shown(base_url: str) -> None:
    with pytest.raises(UpstreamError, match="must not hold a user name or password") as caught:
        upstream_from({"OPENAI_BASE_URL": base_url}, [], DEPLOYED)

    assert "hidden" not in str(caught.value)


def test_a_host_that_cannot_be_looked_up_does_not_answer() -> None:
    with pytest.raises(UpstreamError, match="does not answer"):
        upstream_from({"OPENAI_BASE_URL": f"http://{'x' * 64}.example/v1"}, [], DEPLOYED)


@pytest.mark.parametrize("key", ["sk-hidden\nx", "sk-hidden\u200b"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_shown(server: str, key: str) -> None:
    with pytest.raises(UpstreamError, match="OPENAI_API_KEY holds a character") as caught:
        upstream_from({"OPENAI_BASE_URL": server, "OPENAI_API_KEY": key}, [], DEPLOYED)

    assert "hidden" not in str(caught.value)
