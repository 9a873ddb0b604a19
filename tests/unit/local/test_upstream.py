import json
from collections.abc import Iterator

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
        ("/strange", "does not list models. Name one with --model"),
        ("/html", "does not answer"),
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


def test_a_base_url_that_is_none_is_said_not_to_be() -> None:
    with pytest.raises(UpstreamError, match="OPENAI_BASE_URL=ollama does not answer"):
        upstream_from({"OPENAI_BASE_URL": "ollama"}, [], DEPLOYED)
