"""Calls of AWS: signatures equal to botocore's, credentials from both places, answers and refusals."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.aws.credentials import NoCredentialsError, credentials
from chat.aws.service import AwsError, JsonService
from chat.aws.signature import Credentials, sign

NOW = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)


def botocores(headers: dict[str, str], body: bytes, region: str, own: Credentials, path: str) -> str:
    request = botocore.awsrequest.AWSRequest("POST", f"https://{headers['host']}{path}", dict(headers), body)
    frozen = botocore.credentials.Credentials(own.access_key, own.secret_key, own.session_token or None)
    signer = botocore.auth.SigV4Auth(frozen, "ssm", region)
    request.context["timestamp"] = f"{NOW:%Y%m%dT%H%M%SZ}"
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if own.session_token:
        request.headers["X-Amz-Security-Token"] = own.session_token
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return str(signer.signature(text, request))


@settings(deadline=None)
@given(
    body=st.binary(max_size=200),
    token=st.text("abc+/=", max_size=20),
    region=st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1"]),
    segments=st.lists(st.text("aZ0-._~%:/ é", min_size=1).filter(lambda segment: segment not in {".", ".."})),
)
def test_a_signature_is_botocores(body: bytes, token: str, region: str, segments: list[str]) -> None:
    path = "/" + "/".join(quote(segment, safe="") for segment in segments)
    own = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    headers = {"host": "ssm.example.com", "content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.X"}

    signed = sign(headers, body, service="ssm", region=region, credentials=own, now=NOW, path=path)

    assert signed["authorization"].endswith(f"Signature={botocores(headers, body, region, own, path)}")
    assert f"Credential=AKIDEXAMPLE/20261122/{region}/ssm/aws4_request" in signed["authorization"]


def test_credentials_do_not_show_themselves() -> None:
    assert "secret" not in repr(Credentials("AKID", "secret", "secret"))


class Endpoint:
    """Gives its answers one after the other, each on a connection of its own; keeps the requests."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.answers: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def says(self, status: int, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.answers.append(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            with peer:
                self.requests.append(peer.recv(65536))
                peer.sendall(self.answers.pop(0))


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    server = Endpoint()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", server.url)
    yield server
    server.close()


@pytest.fixture
def ssm(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return endpoint


def call() -> dict[str, object]:
    service = JsonService("ssm", "AmazonSSM", "1.1")
    try:
        return service.call("GetParameter", {"Name": "/key"})
    finally:
        service.forget()


def test_an_operation_is_called_and_answers(ssm: Endpoint) -> None:
    ssm.says(200, {"Parameter": {"Value": "v"}})

    assert call() == {"Parameter": {"Value": "v"}}

    head, _, body = ssm.requests[0].partition(b"\r\n\r\n")
    assert b"\r\nx-amz-target: AmazonSSM.GetParameter\r\n" in head
    assert b"\r\ncontent-type: application/x-amz-json-1.1\r\n" in head
    assert head.count(b"ost: ") == 1
    assert json.loads(body) == {"Name": "/key"}


def test_a_refusal_is_told_with_its_code_and_not_tried_again(ssm: Endpoint) -> None:
    ssm.says(400, {"__type": "com.amazonaws.ssm#ParameterNotFound", "message": "no such thing"})

    with pytest.raises(AwsError, match="ParameterNotFound: no such thing") as refused:
        call()

    assert refused.value.code == "ParameterNotFound"
    assert len(ssm.requests) == 1


@pytest.mark.parametrize(
    ("status", "answer"), [(500, {}), (503, {"message": "later"}), (400, {"__type": "ThrottlingException"}), (200, [])]
)
def test_what_may_be_better_the_next_time_is_tried_once_more(ssm: Endpoint, status: int, answer: object) -> None:
    ssm.says(status, answer)
    ssm.says(200, {"well": True})

    assert call() == {"well": True}


def test_a_service_that_is_not_there(ssm: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:9")

    with pytest.raises(AwsError, match="ssm does not answer: connection refused"):
        call()
    assert ssm.requests == []


def test_when_the_time_is_over_nothing_is_asked(ssm: Endpoint) -> None:
    with pytest.raises(AwsError, match="no time was left"):
        JsonService("ssm", "AmazonSSM", "1.1").call("GetParameter", {}, seconds=0)
    assert ssm.requests == []


def test_without_credentials_nothing_is_asked(endpoint: Endpoint) -> None:
    with pytest.raises(AwsError, match="no AWS credentials"):
        call()
    assert endpoint.requests == []


def test_credentials_of_a_restored_snapshot_come_from_their_endpoint(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{endpoint.url}/2021-04-23/credentials")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token")
    endpoint.says(200, {"AccessKeyId": "AKID", "SecretAccessKey": "secret", "Token": "session"})

    assert credentials() == Credentials("AKID", "secret", "session")

    assert endpoint.requests[0].startswith(b"GET /2021-04-23/credentials HTTP/1.1\r\n")
    assert b"\r\nAuthorization: token\r\n" in endpoint.requests[0]


def test_a_credentials_endpoint_that_fails(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.url)
    endpoint.says(500, {"message": "no"})

    with pytest.raises(NoCredentialsError):
        credentials()
