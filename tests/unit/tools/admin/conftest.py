"""A deployed stack in an account, over HTTP (moto)."""

import json
import os
from collections.abc import Iterator

import boto3
import pytest

from tests.support.aws import REGION, aws_server

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
    "Outputs": {
        "TableName": {"Value": {"Ref": "Table"}},
        "UserPoolId": {"Value": {"Ref": "UserPool"}},
        "PageUrl": {"Value": "https://chat.example.com/"},
    },
}


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    with aws_server() as url:
        yield url


@pytest.fixture(autouse=True)
def account(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    variables = {
        "AWS_ENDPOINT_URL": aws,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def table(aws: str) -> str:
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    cognito = session.client("cognito-idp", endpoint_url=aws)
    pool = cognito.create_user_pool(
        PoolName="people",
        UsernameAttributes=["email"],
        Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 14}},
    )["UserPool"]["Id"]
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
