"""The connection for the response, made while the event is waited for."""

import socket
from collections.abc import Iterator

import pytest
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

from streaming_runtime import StreamingResponse
from streaming_runtime.client import StreamingRuntimeClient
from tests.support.scripted_runtime_api import ScriptedRuntimeApi


@pytest.fixture
def api() -> Iterator[ScriptedRuntimeApi]:
    with ScriptedRuntimeApi() as api:
        yield api


@pytest.fixture
def client(api: ScriptedRuntimeApi, monkeypatch: pytest.MonkeyPatch) -> StreamingRuntimeClient:
    """A client whose events are there at once."""
    monkeypatch.setattr(LambdaRuntimeClient, "wait_next_invocation", lambda _client: "event")
    return StreamingRuntimeClient(api.address)


def respond(client: StreamingRuntimeClient) -> None:
    result, content_type = client.marshaller.marshal_response(StreamingResponse([b"body"]))
    client.post_invocation_result("request-1", result, content_type)


def test_the_response_goes_over_a_connection_made_before_the_event(
    api: ScriptedRuntimeApi, client: StreamingRuntimeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.wait_next_invocation() == "event"
    monkeypatch.setattr(socket, "create_connection", None)  # no other can be made now

    respond(client)

    assert api.next_post().chunks[2:] == [b"body"]


def test_a_connection_made_ahead_that_has_died_is_replaced(
    api: ScriptedRuntimeApi, client: StreamingRuntimeClient
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        client.lambda_runtime_address = f"127.0.0.1:{closing.getsockname()[1]}"
        client.wait_next_invocation()
        closing.accept()[0].close()
    client.lambda_runtime_address = api.address

    respond(client)

    assert api.next_post().chunks[2:] == [b"body"]


def test_no_connection_ahead_is_no_error_yet(api: ScriptedRuntimeApi, client: StreamingRuntimeClient) -> None:
    client.lambda_runtime_address = "127.0.0.1:9"

    assert client.wait_next_invocation() == "event"

    client.lambda_runtime_address = api.address
    respond(client)
    assert api.next_post().chunks[2:] == [b"body"]
