"""Bedrock on this machine, made of botocore: it checks signatures with botocore's signer, requests and what it answers
with botocore's model of the service, and it writes frames as AWS documents them.

https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html
"""

import json
import re
import struct
import threading
from binascii import crc32
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

ACCESS_KEY, SECRET_KEY, SESSION_TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session/token+=="
REGION = "eu-central-1"

_MODEL = ServiceModel(Loader().load_service_model("bedrock-runtime", "service-2"), "bedrock-runtime")
_AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})")

Event = tuple[str, dict[str, Any]]


def operation(name: str) -> OperationModel:
    return _MODEL.operation_model(name)


def checked(value: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """The value, if it is of the shape."""
    report = ParamValidator().validate(value, shape)
    assert not report.has_errors(), report.generate_report()
    unknown = set(value) - set(shape.members)  # type: ignore[attr-defined]  # it is a structure
    assert not unknown
    return value


def frame(headers: dict[str, str], payload: bytes) -> bytes:
    """One message of an event stream."""
    encoded = b"".join(
        struct.pack("!B", len(name)) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack("!II", 16 + len(encoded) + len(payload), len(encoded))
    message = prelude + struct.pack("!I", crc32(prelude)) + encoded + payload
    return message + struct.pack("!I", crc32(message))


def event(kind: str, value: dict[str, Any]) -> bytes:
    """An event of ConverseStream, checked against the service's model; or one of its exceptions."""
    shape = operation("ConverseStream").output_shape.members["stream"].members[kind]  # type: ignore[union-attr]
    if shape.metadata.get("exception"):
        headers = {":message-type": "exception", ":exception-type": kind}
    else:
        checked(value, shape)
        headers = {":message-type": "event", ":event-type": kind}
    # Bedrock fills up its events, so that their length does not tell what they say.
    return frame({**headers, ":content-type": "application/json"}, json.dumps({**value, "p": "abcdefgh"}).encode())


class Bedrock:
    """The server.

    Attributes:
        requests: What it was asked: path and body, and the headers that were signed.
        answers: What it answers next: status, headers, and the body in pieces that are sent one by one.
        problems: What was wrong with requests.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.answers: list[tuple[int, dict[str, str], list[bytes]]] = []
        self.problems: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def streams(self, *events: Event, cut: int | None = None) -> None:
        data = b"".join(event(*each) for each in events)
        pieces = [data] if cut is None else [data[at : at + cut] for at in range(0, len(data), cut)]
        self.answers.append((200, {"content-type": "application/vnd.amazon.eventstream"}, pieces))

    def says(self, value: dict[str, Any]) -> None:
        shape = operation("Converse").output_shape
        assert shape is not None
        self.answers.append((200, {"content-type": "application/json"}, [json.dumps(checked(value, shape)).encode()]))

    def refuses(self, status: int, kind: str, message: str) -> None:
        headers = {"content-type": "application/json", "x-amzn-errortype": f"{kind}:http://internal.amazon.com/"}
        self.answers.append((status, headers, [json.dumps({"message": message}).encode()]))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def look_at(self, path: str, headers: dict[str, str], body: bytes) -> None:
        found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        assert found, "not signed"
        signed = {name: headers[name] for name in found[2].split(";")}
        assert {"host", "content-type", "x-amz-date", "x-amz-security-token"} <= set(signed)
        request = AWSRequest("POST", f"http://{headers['host']}{path}", signed, body)
        request.context["timestamp"] = headers["x-amz-date"]
        signer = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN), "bedrock", REGION)
        text = signer.string_to_sign(request, signer.canonical_request(request))
        assert found[3] == signer.signature(text, request), "another signature"
        value = json.loads(body)
        self.requests.append((path, value, signed))
        if asked := re.fullmatch(r"/model/([^/]+)/(converse|converse-stream)", path):
            shape = operation("Converse" if asked[2] == "converse" else "ConverseStream").input_shape
            assert shape is not None
            checked({**value, "modelId": unquote(asked[1])}, shape)
        else:
            assert path == "/openai/v1/chat/completions"


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that hangs up."""


def _handler(bedrock: Bedrock) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                bedrock.look_at(self.path, headers, body)
            except AssertionError as error:
                bedrock.problems.append(str(error))
                bedrock.refuses(400, "ValidationException", f"the test's server: {error}")
                bedrock.answers = bedrock.answers[-1:]
            status, answered, pieces = bedrock.answers.pop(0)
            self.send_response(status)
            for name, value in {**answered, "transfer-encoding": "chunked"}.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in [*pieces, b""]:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
