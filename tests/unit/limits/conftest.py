"""The deployment's table, over HTTP."""

from collections.abc import Iterator

import pytest

from chat.aws.dynamodb import DynamoTable
from tests.support.aws import REGION, TABLE, aws_server, table


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    with aws_server() as url:
        yield url


@pytest.fixture
def aws_environment(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL_DYNAMODB": aws,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def items(aws: str, aws_environment: None) -> Iterator[DynamoTable]:  # noqa: ARG001  # sets variables
    with table(aws):
        yield DynamoTable(TABLE)
