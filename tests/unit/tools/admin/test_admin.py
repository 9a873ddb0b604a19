"""The commands against a deployed stack, over HTTP (moto)."""

import json
from collections.abc import Iterator

import boto3
import pytest

from chat.auth.api_keys import ApiKeys
from chat.auth.errors import InvalidTokenError
from chat.aws.dynamodb import DynamoTable
from tests.support.aws import REGION, aws_server
from tools.admin.cli import main

STACK = {
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        },
    },
    "Parameters": {"UserPool": {"Type": "String"}},  # moto makes no user pool out of a template
    "Outputs": {"TableName": {"Value": {"Ref": "Table"}}, "UserPoolId": {"Value": {"Ref": "UserPool"}}},
}


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with aws_server() as url:
        yield url


@pytest.fixture(autouse=True)
def account(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "AWS_ENDPOINT_URL": aws,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def table(aws: str) -> str:
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    cognito = session.client("cognito-idp", endpoint_url=aws)
    pool = cognito.create_user_pool(PoolName="people", UsernameAttributes=["email"])["UserPool"]["Id"]
    cognito.close()
    client = session.client("cloudformation", endpoint_url=aws)
    client.create_stack(
        StackName="lambda-stream-chat-prod",
        TemplateBody=json.dumps(STACK),
        Parameters=[{"ParameterKey": "UserPool", "ParameterValue": pool}],
    )
    outputs = client.describe_stacks(StackName="lambda-stream-chat-prod")["Stacks"][0]["Outputs"]
    client.close()
    return next(output["OutputValue"] for output in outputs if output["OutputKey"] == "TableName")


def test_a_minted_key_is_one_that_the_function_accepts_until_it_is_revoked(
    table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = ApiKeys(DynamoTable(table))

    assert main(["keys", "create", "--owner", "reports", "--days", "30"]) == 0
    key = capsys.readouterr().out.strip()
    assert keys.owner(key) == "reports"

    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    key_id = listed.splitlines()[1].split()[0]
    assert "reports" in listed
    assert key not in listed
    assert "never" not in listed  # it has been used

    assert main(["keys", "revoke", key_id]) == 0
    with pytest.raises(InvalidTokenError):
        keys.owner(key)
    assert main(["keys", "revoke", key_id]) == 1


def test_keys_are_different_and_long(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    minted = set()
    for _ in range(3):
        assert main(["keys", "--table", table, "create", "--owner", "reports"]) == 0
        minted.add(capsys.readouterr().out.strip())

    assert len(minted) == 3
    assert {len(key) for key in minted} == {4 + 43}  # 256 bits


@pytest.mark.usefixtures("table")
def test_people_are_invited_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "invite", "someone@example.com"]) == 0
    assert main(["people", "invite", "someone@example.com"]) == 1
    assert "invited already" in capsys.readouterr().err

    assert main(["people", "list"]) == 0
    assert "someone@example.com  FORCE_CHANGE_PASSWORD" in capsys.readouterr().out

    assert main(["people", "remove", "someone@example.com"]) == 0
    assert main(["people", "remove", "someone@example.com"]) == 1


def test_a_stack_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stage", "nowhere", "keys", "list"]) == 1

    assert "lambda-stream-chat-nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--owner", " "], "argument --owner: must be some text"),
        (["--owner", "x\n"], "argument --owner: must be some text"),
        (["--owner", "x", "--days", "0"], "argument --days: must be a whole number from 1 to 3650"),
        (["--owner", "x", "--days", "3651"], "argument --days: must be a whole number from 1 to 3650"),
        ([], "the following arguments are required: --owner"),
    ],
)
def test_wrong_arguments_are_refused(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["keys", "create", *arguments])

    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"error: {reason}\n")
