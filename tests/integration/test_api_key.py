"""The API key in SSM, over HTTP: real boto3 in the function, moto's server in place of AWS."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from types_boto3_ssm import SSMClient

from tests.integration.conftest import API_KEY, PARAMETER, Function
from tests.support.raw_upstream import answer
from tests.support.secrets import secret

ROTATED = secret("sk-integration-rotated-key")
REFUSAL = answer(401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}})


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def ssm(aws: str) -> Iterator[SSMClient]:
    client = boto3.client(
        "ssm",
        endpoint_url=aws,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    yield client
    client.delete_parameters(Names=[PARAMETER])
    client.close()


@pytest.fixture
def function(start_function: Callable[..., Function], aws: str) -> Iterator[Function]:
    with ExitStack() as stack:
        yield start_function(stack, AWS_ENDPOINT_URL_SSM=aws)


def put(ssm: SSMClient, value: str) -> None:
    ssm.put_parameter(Name=PARAMETER, Value=value, Type="SecureString", Overwrite=True)


def keys_used(function: Function) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in function.upstream.requests]


def test_the_key_is_decrypted_and_read_once(function: Function, ssm: SSMClient) -> None:
    put(ssm, API_KEY + "\n")
    function.chat()
    ssm.delete_parameters(Names=[PARAMETER])

    assert function.chat().status == 200

    assert keys_used(function) == [API_KEY, API_KEY]


@pytest.mark.parametrize("path", ["/api/v1/chat/completions", "/api/"])
def test_a_missing_key_is_503_and_the_log_says_what_to_do(function: Function, path: str) -> None:
    request = {"message": "Hi"} if path == "/api/" else {"messages": [{"role": "user", "content": "Hi"}]}

    reply = function.send("POST", path, request)

    assert reply.status == 503
    assert reply.error["code"] == "api_key_unavailable"
    assert PARAMETER not in reply.body.decode()
    line = function.logs.wait_for("API key cannot be read")
    assert line["parameter"] == PARAMETER
    assert f"aws ssm put-parameter --region us-east-1 --name {PARAMETER}" in str(line["remedy"])
    assert function.upstream.requests == []


def test_a_failed_read_is_not_remembered(function: Function, ssm: SSMClient) -> None:
    assert function.chat().status == 503

    put(ssm, API_KEY)

    assert function.chat().status == 200


def test_a_key_without_content_is_as_good_as_missing(function: Function, ssm: SSMClient) -> None:
    put(ssm, " \n")
    assert function.chat().status == 503

    put(ssm, API_KEY)
    assert function.chat().status == 200


def test_credentials_that_only_the_sdk_finds(
    start_function: Callable[..., Function], aws: str, ssm: SSMClient, tmp_path: Path
) -> None:
    put(ssm, API_KEY)
    credentials = tmp_path / "credentials"
    credentials.write_text("[default]\naws_access_key_id = test\naws_secret_access_key = test\n")
    with ExitStack() as stack:
        function = start_function(
            stack,
            AWS_ENDPOINT_URL_SSM=aws,
            AWS_ACCESS_KEY_ID="",
            AWS_SECRET_ACCESS_KEY="",
            AWS_SESSION_TOKEN="",
            AWS_SHARED_CREDENTIALS_FILE=str(credentials),
        )

        assert function.chat().status == 200

    assert keys_used(function) == [API_KEY]


def test_ssm_that_cannot_be_reached_is_503(start_function: Callable[..., Function]) -> None:
    with ExitStack() as stack:
        function = start_function(stack, AWS_ENDPOINT_URL_SSM="http://127.0.0.1:9")

        assert function.chat().status == 503


def test_a_rotated_key_needs_no_redeploy(function: Function, ssm: SSMClient) -> None:
    put(ssm, API_KEY)
    function.chat()
    put(ssm, ROTATED)
    function.upstream.scripts = [REFUSAL]

    assert function.chat().status == 200

    assert keys_used(function) == [API_KEY, API_KEY, ROTATED]
    assert function.chat().status == 200
    assert keys_used(function)[-1] == ROTATED


def test_a_key_that_is_simply_wrong_is_not_tried_twice(function: Function, ssm: SSMClient) -> None:
    put(ssm, API_KEY)
    function.upstream.script = REFUSAL

    assert function.chat().status == 401

    assert keys_used(function) == [API_KEY]
    assert API_KEY not in function.logs.text
