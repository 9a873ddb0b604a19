"""What the client writes to the Runtime API, on a real socket, and what it makes of the answer."""

import base64
import json
import logging
import socket
from collections.abc import Iterator

import pytest
from awslambdaric.lambda_runtime_exception import FaultException

from streaming_runtime import StreamingResponse
from streaming_runtime.client import StreamingRuntimeClient
from tests.support.scripted_runtime_api import ACCEPTED, TRUNCATED, Peer, Post, ScriptedRuntimeApi, answer


@pytest.fixture
def api() -> Iterator[ScriptedRuntimeApi]:
    with ScriptedRuntimeApi() as api:
        yield api


class Body:
    """A body that counts how often it was closed and how much of it was asked for."""

    def __init__(self, *chunks: bytes | Exception) -> None:
        self._chunks = chunks
        self.asked = 0
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.asked += 1
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    def close(self) -> None:
        self.closed += 1


def respond(address: str, response: object, invocation_id: str | None = None) -> None:
    client = StreamingRuntimeClient(address)
    result, content_type = client.marshaller.marshal_response(response)
    client.post_invocation_result("request-1", result, content_type, invocation_id)


def posted(api: ScriptedRuntimeApi, response: object, **options: str) -> Post:
    respond(api.address, response, **options)
    return api.next_post()


def test_the_request_is_a_streaming_response_with_declared_trailers(api: ScriptedRuntimeApi) -> None:
    post = posted(api, StreamingResponse([b"one", b"two"], headers={"content-type": "text/plain"}))

    assert post.path == "/2018-06-01/runtime/invocation/request-1/response"
    assert post.headers["content-type"] == "application/vnd.awslambda.http-integration-response"
    assert post.headers["lambda-runtime-function-response-mode"] == "streaming"
    assert post.headers["transfer-encoding"] == "chunked"
    assert post.headers["trailer"] == "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"
    assert "content-length" not in post.headers
    assert "lambda-runtime-invocation-id" not in post.headers
    prelude, *body = post.chunks
    assert json.loads(prelude) == {"statusCode": 200, "headers": {"content-type": "text/plain"}, "cookies": []}
    assert body == [b"\0" * 8, b"one", b"two"]
    assert post.trailers == {}


def test_the_invocation_id_is_echoed(api: ScriptedRuntimeApi) -> None:
    post = posted(api, StreamingResponse([b"x"]), invocation_id="invocation-7")

    assert post.headers["lambda-runtime-invocation-id"] == "invocation-7"


@pytest.mark.parametrize("prefix", ["/some/path", "/some/path/"])
def test_a_path_in_the_address_comes_before_the_endpoint(api: ScriptedRuntimeApi, prefix: str) -> None:
    respond(api.address + prefix, StreamingResponse([b"x"]))

    assert api.next_post().path == "/some/path/2018-06-01/runtime/invocation/request-1/response"


def test_an_error_in_mid_stream_goes_into_the_trailers(
    api: ScriptedRuntimeApi, caplog: pytest.LogCaptureFixture
) -> None:
    post = posted(api, StreamingResponse(Body(b"one", ValueError("broken"))))

    assert post.chunks[2:] == [b"one"]
    assert post.trailers["lambda-runtime-function-error-type"] == "ValueError"
    told = json.loads(base64.b64decode(post.trailers["lambda-runtime-function-error-body"]))
    assert told["errorMessage"] == "broken"
    assert [record.message for record in caplog.records] == ["The response broke off in mid-stream"]
    assert "ValueError: broken" in caplog.text


@pytest.mark.parametrize("answer", [ACCEPTED, answer(200)], ids=["lambda", "cargo-lambda"])
def test_a_response_that_is_accepted_is_nothing_to_log(
    api: ScriptedRuntimeApi, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    api.peers["request-1"] = Peer(answers=answer)
    body = Body(b"one")

    respond(api.address, StreamingResponse(body))

    assert body.closed == 1
    assert caplog.records == []


@pytest.mark.parametrize(
    ("answer", "logged"),
    [
        (TRUNCATED, "the client left before it was complete"),
        (answer(410, b"no"), "the Runtime API answered 410 b'no'"),
        (answer(500, b"x" * 999), f"the Runtime API answered 500 b'{'x' * 300}'"),
        (b"what?\r\n\r\n", "the Runtime API closed the connection without an answer"),
        (b"", "the Runtime API closed the connection without an answer"),
    ],
)
def test_a_response_that_is_not_accepted_is_one_line_in_the_log_and_the_body_is_closed(
    api: ScriptedRuntimeApi, answer: bytes, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    api.peers["request-1"] = Peer(answers=answer)
    body = Body(b"one")

    respond(api.address, StreamingResponse(body))

    assert body.closed == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert caplog.records[0].message == f"The response was not delivered: {logged}"


def test_a_client_that_leaves_ends_the_body_and_the_log_says_so(
    api: ScriptedRuntimeApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.peers["request-1"] = Peer(reads=100, answers=TRUNCATED)
    body = Body(*[b"x" * 100_000] * 1000)

    respond(api.address, StreamingResponse(body))

    assert body.closed == 1
    assert body.asked < 1000
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_runtime_api_that_is_gone_is_logged_and_the_body_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    body = Body(b"one", b"two")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"

    respond(address, StreamingResponse(body))

    assert body.closed == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_anything_else_is_marshalled_as_aws_does() -> None:
    marshal = StreamingRuntimeClient("127.0.0.1:1").marshaller.marshal_response

    assert marshal({"a": 1}) == ('{"a": 1}', "application/json")
    assert marshal(b"raw") == (b"raw", "application/unknown")
    assert marshal({"a": "é\ud800"})[0] in {'{"a": "é\\ud800"}', '{"a": "\\u00e9\\ud800"}'}


def test_a_generator_alone_is_refused_with_what_to_return_instead() -> None:
    marshal = StreamingRuntimeClient("127.0.0.1:1").marshaller.marshal_response

    with pytest.raises(FaultException) as caught:
        marshal(chunk for chunk in [b"x"])

    assert caught.value.exception_type == "Runtime.MarshalError"
    assert caught.value.msg == "A handler that streams returns StreamingResponse(...), not the generator alone"


@pytest.mark.parametrize("error", [ValueError("\ud800"), type("Odd", (ValueError,), {"__str__": lambda _: 1 / 0})()])
def test_an_error_before_the_first_chunk_that_aws_cannot_report_is_told_in_words_it_can(error: Exception) -> None:
    marshal = StreamingRuntimeClient("127.0.0.1:1").marshaller.marshal_response
    body = Body(error)

    with pytest.raises(FaultException) as caught:
        marshal(StreamingResponse(body))

    assert body.closed == 1
    assert caught.value.exception_type == type(error).__name__
    assert caught.value.msg.encode()
    assert "raise chunk" in caught.value.trace[-1]
