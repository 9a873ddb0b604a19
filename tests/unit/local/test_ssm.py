from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from local.ssm import ParameterStore
from tests.support.raw_http import RawConnection
from tests.support.serving import serving

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient

PARAMETERS = {"/chat/key": "sk-secret"}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(ParameterStore(PARAMETERS, "LOCALKEY").handle) as port:
        yield port


def client(port: int, access_key: str = "LOCALKEY") -> "SSMClient":
    return boto3.client(
        "ssm",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key="x",
    )


def test_boto3_reads_the_decrypted_key(port: int) -> None:
    parameter = client(port).get_parameter(Name="/chat/key", WithDecryption=True)["Parameter"]

    assert parameter["Value"] == "sk-secret"
    assert parameter["Type"] == "SecureString"
    assert parameter["ARN"] == "arn:aws:ssm:us-east-1:123456789012:parameter/chat/key"
    assert parameter["LastModifiedDate"].year >= 2026


def test_without_decryption_the_key_stays_secret(port: int) -> None:
    assert "sk-secret" not in str(client(port).get_parameter(Name="/chat/key"))


def test_another_name_is_not_found(port: int) -> None:
    ssm = client(port)

    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/other", WithDecryption=True)


def test_another_program_of_this_machine_does_not_get_the_key(port: int) -> None:
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        client(port, access_key="SOMEBODY").get_parameter(Name="/chat/key", WithDecryption=True)


def test_other_operations_are_not_there(port: int) -> None:
    with pytest.raises(ClientError, match="UnknownOperationException"):
        client(port).describe_parameters()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"Name":[]}', b"x" * 5000])
def test_a_request_without_a_name_is_refused(port: int, body: bytes) -> None:
    with RawConnection(port) as connection:
        connection.request(
            "POST", "/", body, authorization="Credential=LOCALKEY/", x_amz_target="AmazonSSM.GetParameter"
        )
        answer, text = connection.read()

    assert answer.status == 400
    assert b"ValidationException" in text
