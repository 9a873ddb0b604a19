"""What the client writes to the Runtime API, byte for byte, on a real socket."""

import base64
import json
import socket
import threading
from collections.abc import Iterator

import pytest
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient, LambdaRuntimeClientError

from streaming_runtime import StreamingResponse
from streaming_runtime.client import StreamingRuntimeClient

ACCEPTED = b'HTTP/1.1 202 Accepted\r\ncontent-length: 15\r\n\r\n{"status":"OK"}'
REFUSED = b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"


class RuntimeApi:
    """Takes one request to its end and gives the answer it was told to."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.received = b""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with self._listener, connection:
            while not (b"\r\n0\r\n" in self.received and self.received.endswith(b"\r\n\r\n")):
                data = connection.recv(65536)
                if not data:
                    return
                self.received += data
            connection.sendall(self._answer)

    def finish(self) -> bytes:
        self._thread.join(10)
        return self.received


def post(response: object, *, answer: bytes = ACCEPTED, prefix: str = "", invocation_id: str | None = None) -> bytes:
    api = RuntimeApi(answer)
    client = StreamingRuntimeClient(api.address + prefix)
    result, content_type = client.marshaller.marshal_response(response)
    try:
        client.post_invocation_result("request-1", result, content_type, invocation_id)
    finally:
        received = api.finish()
    return received


def headers(received: bytes) -> dict[str, str]:
    lines = received.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


def chunks(received: bytes) -> tuple[list[bytes], dict[str, str]]:
    """The chunks of a chunked body and its trailers, parsed strictly."""
    rest = received.partition(b"\r\n\r\n")[2]
    found = []
    while True:
        size, _, rest = rest.partition(b"\r\n")
        if size == b"0":
            break
        length = int(size, 16)
        found.append(rest[:length])
        assert rest[length : length + 2] == b"\r\n"
        rest = rest[length + 2 :]
    assert rest.endswith(b"\r\n")
    lines = rest.decode().split("\r\n")[:-2]
    return found, dict(line.split(": ", 1) for line in lines)


def test_the_request_is_a_streaming_response_with_declared_trailers() -> None:
    received = post(StreamingResponse([b"one", b"two"], headers={"content-type": "text/plain"}))

    assert received.startswith(b"POST /2018-06-01/runtime/invocation/request-1/response HTTP/1.1\r\n")
    sent = headers(received)
    assert sent["content-type"] == "application/vnd.awslambda.http-integration-response"
    assert sent["lambda-runtime-function-response-mode"] == "streaming"
    assert sent["transfer-encoding"] == "chunked"
    assert sent["trailer"] == "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"
    assert "content-length" not in sent
    assert "lambda-runtime-invocation-id" not in sent
    prelude, *body = chunks(received)[0]
    assert json.loads(prelude) == {"statusCode": 200, "headers": {"content-type": "text/plain"}, "cookies": []}
    assert body == [b"\0" * 8, b"one", b"two"]
    assert chunks(received)[1] == {}


def test_the_invocation_id_is_echoed() -> None:
    received = post(StreamingResponse([b"x"]), invocation_id="invocation-7")

    assert headers(received)["lambda-runtime-invocation-id"] == "invocation-7"


@pytest.mark.parametrize("prefix", ["/some/path", "/some/path/"])
def test_a_path_in_the_address_comes_before_the_endpoint(prefix: str) -> None:
    received = post(StreamingResponse([b"x"]), prefix=prefix)

    assert received.startswith(b"POST /some/path/2018-06-01/runtime/invocation/request-1/response ")


def test_an_error_in_mid_stream_goes_into_the_trailers(caplog: pytest.LogCaptureFixture) -> None:
    def body() -> Iterator[bytes]:
        yield b"one"
        raise ValueError("broken")

    sent, trailers = chunks(post(StreamingResponse(body())))

    assert sent[2:] == [b"one"]
    assert trailers["Lambda-Runtime-Function-Error-Type"] == "ValueError"
    told = json.loads(base64.b64decode(trailers["Lambda-Runtime-Function-Error-Body"]))
    assert told["errorMessage"] == "broken"
    assert "mid-stream" in caplog.text


def test_a_response_that_is_not_accepted_is_an_error_and_the_body_is_closed() -> None:
    closed = []

    def body() -> Iterator[bytes]:
        try:
            yield b"one"
        finally:
            closed.append(True)

    with pytest.raises(LambdaRuntimeClientError, match="410"):
        post(StreamingResponse(body()), answer=REFUSED)
    assert closed == [True]


def test_a_runtime_api_that_is_gone_is_an_error_and_the_body_is_closed() -> None:
    closed = []

    def body() -> Iterator[bytes]:
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    client = StreamingRuntimeClient(address)
    result, content_type = client.marshaller.marshal_response(StreamingResponse(body()))

    with pytest.raises(ConnectionRefusedError):
        client.post_invocation_result("request-1", result, content_type)
    assert closed == [True]


def test_anything_else_is_marshalled_as_aws_does() -> None:
    client = StreamingRuntimeClient("127.0.0.1:1")

    assert client.marshaller.marshal_response({"a": 1}) == ('{"a": 1}', "application/json")
    assert client.marshaller.marshal_response(b"raw") == (b"raw", "application/unknown")


class EarlyApi(RuntimeApi):
    """A Runtime API whose client is told that an event has come, so that it connects ahead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(ACCEPTED)
        monkeypatch.setattr(LambdaRuntimeClient, "wait_next_invocation", lambda _client: "event")
        self.client = StreamingRuntimeClient(self.address)

    def respond(self) -> None:
        result, content_type = self.client.marshaller.marshal_response(StreamingResponse([b"body"]))
        self.client.post_invocation_result("request-1", result, content_type)


def test_the_response_goes_over_a_connection_made_before_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    api = EarlyApi(monkeypatch)

    assert api.client.wait_next_invocation() == "event"
    monkeypatch.setattr(socket, "create_connection", None)  # no other can be made now
    api.respond()

    assert chunks(api.finish())[0][2:] == [b"body"]


def test_a_connection_made_ahead_that_has_died_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        api = EarlyApi(monkeypatch)
        address = api.client.lambda_runtime_address
        api.client.lambda_runtime_address = f"127.0.0.1:{closing.getsockname()[1]}"
        api.client.wait_next_invocation()
        closing.accept()[0].close()

    api.client.lambda_runtime_address = address
    api.respond()

    assert chunks(api.finish())[0][2:] == [b"body"]


def test_no_connection_ahead_is_no_error_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    api = EarlyApi(monkeypatch)
    address = api.client.lambda_runtime_address
    api.client.lambda_runtime_address = "127.0.0.1:9"

    assert api.client.wait_next_invocation() == "event"

    api.client.lambda_runtime_address = address
    api.respond()
    assert chunks(api.finish())[0][2:] == [b"body"]
