"""What `cdk bootstrap` and `cdk deploy` made, read back over AWS's own APIs and used."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from stacks.app import ROOT
from tests.support.edge import Edge
from tests.support.logs import keep
from tests.support.rehearsed import (
    API_KEY,
    Account,
    call_function,
    events,
    function_url,
    through_cloudfront,
)
from tests.support.secrets import content
from tools.rehearsal.emulator import REGION

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = [pytest.mark.rehearsal, pytest.mark.timeout(400)]

PARAMETER_ARN = "arn:aws:ssm:eu-central-1:000000000000:parameter/lambda-stream-chat/openai-api-key"


def test_the_function_is_what_the_settings_say(deployed: Account) -> None:
    function = deployed.session.client("lambda").get_function_configuration(
        FunctionName=deployed.outputs["FunctionName"]
    )

    assert function["Runtime"] == "python3.13"
    assert function["Handler"] == "chat.handler.handler"
    assert function["MemorySize"] == 512
    assert function["Timeout"] == 300
    variables = function["Environment"]["Variables"]
    assert variables["AWS_LAMBDA_EXEC_WRAPPER"] == "/var/task/bootstrap"
    assert variables["MODELS"] == "scripted"
    assert variables["UPSTREAM_BASE_URL"] == deployed.upstream.url
    assert API_KEY not in json.dumps(variables)


def test_its_url_streams_and_takes_signed_requests_only(deployed: Account) -> None:
    url = function_url(deployed)

    assert url["InvokeMode"] == "RESPONSE_STREAM"
    assert url["AuthType"] == "AWS_IAM"
    assert url["Cors"]["AllowOrigins"] == ["http://localhost:8000"]
    assert url["Cors"]["AllowMethods"] == ["GET", "POST"]
    assert url["Cors"]["AllowCredentials"] is False
    assert call_function(deployed, "/health", signed=False).status == 403


def test_only_the_distribution_may_invoke_it(deployed: Account) -> None:
    policy = deployed.session.client("lambda").get_policy(FunctionName=deployed.outputs["FunctionName"])

    statements = json.loads(policy["Policy"])["Statement"]

    assert {statement["Action"] for statement in statements} == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    for statement in statements:
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert "distribution/" in json.dumps(statement["Condition"])


def test_its_role_may_read_the_one_parameter_write_its_log_and_count(deployed: Account) -> None:
    iam = deployed.session.client("iam")
    function = deployed.session.client("lambda").get_function_configuration(
        FunctionName=deployed.outputs["FunctionName"]
    )
    role = function["Role"].rpartition("/")[2]

    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document: Any = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]

    allowed = {json.dumps(one["Action"]): one["Resource"] for one in document["Statement"]}
    assert allowed['"ssm:GetParameter"'] == PARAMETER_ARN
    assert deployed.outputs["TableName"] in allowed['"dynamodb:GetItem"']
    assert deployed.outputs["TableName"] in allowed['"dynamodb:UpdateItem"']
    assert deployed.outputs["LogGroupName"] in allowed['["logs:CreateLogStream", "logs:PutLogEvents"]']
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []


COUNT: dict[str, Any] = {"UpdateExpression": "ADD used_tokens :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
NOTE_USE: dict[str, Any] = {
    "UpdateExpression": "SET last_used = :n",
    "ConditionExpression": "attribute_exists(pk)",
    "ExpressionAttributeValues": {":n": {"N": "1"}},
}
MINT: dict[str, Any] = {
    "UpdateExpression": "SET #o = :o, valid_until = :n",
    "ExpressionAttributeNames": {"#o": "owner"},
    "ExpressionAttributeValues": {":o": {"S": "thief"}, ":n": {"N": "9999999999"}},
}
PROLONG: dict[str, Any] = {
    "UpdateExpression": "SET valid_until = :n",
    "ExpressionAttributeValues": {":n": {"N": "9999999999"}},
}
TAKE_OVER: dict[str, Any] = {
    "UpdateExpression": "SET last_used = :n REMOVE #o",
    "ExpressionAttributeNames": {"#o": "owner"},
    "ExpressionAttributeValues": {":n": {"N": "1"}},
}


@pytest.fixture(scope="module")
def taken_over(deployed: Account) -> Iterator["DynamoDBClient"]:
    """DynamoDB, asked with no more rights than the function's role has."""
    iam = deployed.session.client("iam")
    function = deployed.session.client("lambda").get_function_configuration(
        FunctionName=deployed.outputs["FunctionName"]
    )
    role = function["Role"].rpartition("/")[2]
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    iam.create_user(UserName="taken-over")
    iam.put_user_policy(UserName="taken-over", PolicyName="same", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="taken-over")["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
    client = session.client("dynamodb")
    yield client
    client.close()


@pytest.mark.parametrize(
    ("key", "update"),
    [("day#2027-01-15#somebody", COUNT | {"ReturnValues": "ALL_NEW"}), ("key#unused", NOTE_USE)],
    ids=["counting", "noting a key's use"],
)
def test_its_role_may_do_what_the_function_does(
    deployed: Account, taken_over: "DynamoDBClient", key: str, update: dict[str, Any]
) -> None:
    table, name = deployed.outputs["TableName"], {"pk": {"S": key}}

    taken_over.get_item(TableName=table, Key=name)
    with suppress(taken_over.exceptions.ConditionalCheckFailedException):  # it was allowed to try
        taken_over.update_item(TableName=table, Key=name, **update)


@pytest.mark.parametrize(
    ("key", "update"),
    [
        ("key#thief", MINT),
        ("key#thief", PROLONG),
        ("key#thief", TAKE_OVER),
        ("key#thief", NOTE_USE | {"ConditionExpression": "valid_until > :n"}),
        ("key#thief", NOTE_USE | {"ReturnValues": "ALL_NEW"}),
        ("another#item", COUNT),
    ],
    ids=["mint a key", "prolong a key", "take a key over", "guess at a key", "read by writing", "write elsewhere"],
)
def test_its_role_makes_no_keys(
    deployed: Account, taken_over: "DynamoDBClient", key: str, update: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        taken_over.update_item(TableName=deployed.outputs["TableName"], Key={"pk": {"S": key}}, **update)


def test_its_role_neither_lists_nor_replaces_items(deployed: Account, taken_over: "DynamoDBClient") -> None:
    table = deployed.outputs["TableName"]
    with pytest.raises(ClientError, match="AccessDenied"):
        taken_over.scan(TableName=table)
    with pytest.raises(ClientError, match="AccessDenied"):
        taken_over.put_item(TableName=table, Item={"pk": {"S": "key#thief"}, "owner": {"S": "thief"}})


def test_the_distribution_has_the_page_at_its_root_and_the_function_under_api(deployed: Account) -> None:
    cloudfront = deployed.session.client("cloudfront")
    domain = urlsplit(deployed.outputs["PageUrl"]).netloc
    [summary] = [
        one for one in cloudfront.list_distributions()["DistributionList"]["Items"] if one["DomainName"] == domain
    ]

    distribution = cloudfront.get_distribution_config(Id=summary["Id"])["DistributionConfig"]

    origins = {origin["Id"]: origin["DomainName"] for origin in distribution["Origins"]["Items"]}
    page = distribution["DefaultCacheBehavior"]
    [api] = distribution["CacheBehaviors"]["Items"]
    assert ".s3." in origins[page["TargetOriginId"]]
    assert page["ViewerProtocolPolicy"] == "redirect-to-https"
    assert api["PathPattern"] == "/api/*"
    assert origins[api["TargetOriginId"]] == urlsplit(function_url(deployed)["FunctionUrl"]).netloc
    assert api["ViewerProtocolPolicy"] == "https-only"
    assert "POST" in api["AllowedMethods"]["Items"]
    assert all(origin["OriginAccessControlId"] for origin in distribution["Origins"]["Items"])


def test_the_bucket_has_the_built_page_and_is_closed(deployed: Account) -> None:
    s3 = deployed.session.client("s3")
    [bucket] = [one["Name"] for one in s3.list_buckets()["Buckets"] if "sitebucket" in one["Name"]]

    files = {item["Key"]: item for item in s3.list_objects_v2(Bucket=bucket)["Contents"]}

    built = {
        str(path.relative_to(ROOT / "web" / "dist")) for path in (ROOT / "web" / "dist").rglob("*") if path.is_file()
    }
    assert set(files) == built | {"config.json"}
    for key in files:
        kept = s3.head_object(Bucket=bucket, Key=key)["CacheControl"]
        assert kept == ("public, max-age=31536000, immutable" if key.startswith("assets/") else "no-cache"), key
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())


def test_the_page_comes_with_its_configuration_and_its_security_headers(deployed: Account) -> None:
    page = through_cloudfront(deployed, "/")
    config = through_cloudfront(deployed, "/config.json")

    assert page.status == 200
    assert page.body == (ROOT / "web" / "dist" / "index.html").read_bytes()
    for name in json.loads((ROOT / "web" / "security-headers.json").read_text(encoding="utf-8")):
        assert name.lower() in page.headers
    assert "amazoncognito.com" in page.headers["content-security-policy"]
    assert json.loads(config.body)["apiBase"] == "/api/v1"
    assert json.loads(config.body)["demo"] is False
    assert json.loads(config.body)["signIn"]["issuer"].endswith(deployed.outputs["UserPoolId"])


def test_nobody_gets_in_who_was_not_invited(deployed: Account) -> None:
    before = len(deployed.upstream.requests)

    refused = call_function(deployed, "/api/v1/chat/completions", {"model": "scripted", "messages": []})

    assert refused.status == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert len(deployed.upstream.requests) == before


def test_a_chat_goes_through_the_deployed_function_with_the_key_of_the_parameter(
    deployed: Account, api_key: str
) -> None:
    request = {
        "model": "scripted",
        "stream": True,
        "messages": [{"role": "user", "content": content("say こんにちは world")}],
    }

    answer = call_function(deployed, "/api/v1/chat/completions", request, token=api_key)

    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("text/event-stream")
    *chunks, done = events(answer.body)
    assert done == "[DONE]"
    words = [choice["delta"].get("content") or "" for chunk in chunks for choice in json.loads(chunk)["choices"]]
    assert "".join(words).strip() == "こんにちは world"
    headers, _ = deployed.upstream.requests[-1]
    assert {name.lower(): value for name, value in headers.items()}["authorization"] == f"Bearer {API_KEY}"


def test_its_log_group_tells_of_the_chat(deployed: Account, api_key: str) -> None:
    chat = {"model": "scripted", "stream": True, "messages": [{"role": "user", "content": content("say a b c")}]}
    request_id = call_function(deployed, "/v1/chat/completions", chat, token=api_key).headers["x-request-id"]

    page = deployed.session.client("logs").filter_log_events(logGroupName=deployed.outputs["LogGroupName"])
    lines = [keep(event["message"]) for event in page["events"]]

    [line] = [json.loads(line) for line in lines if request_id in line and '"message":"request"' in line]
    assert (line["model"], line["status"], line["finish_reason"]) == ("scripted", 200, "stop")


def test_the_plain_contract_and_an_error_keep_their_status(deployed: Account, api_key: str) -> None:
    plain = call_function(deployed, "/", {"message": "say Hello"}, token=api_key)
    refused = call_function(deployed, "/v1/chat/completions", {"model": "another", "messages": []}, token=api_key)

    assert (plain.status, plain.body.decode().strip()) == (200, "Hello")
    assert (refused.status, json.loads(refused.body)["error"]["code"]) == (404, "model_not_found")


def test_the_alarms_watch_and_tell_the_topic(deployed: Account) -> None:
    alarms = deployed.session.client("cloudwatch").describe_alarms()["MetricAlarms"]

    assert len(alarms) == 3
    assert all(alarm["AlarmActions"] == [deployed.outputs["AlarmTopicArn"]] for alarm in alarms)


def test_the_doctor_finds_the_deployment_well(deployed: Account, api_key: str) -> None:
    with Edge(deployed) as edge:
        command = [sys.executable, "-m", "tools.doctor", "--stage", "rehearsal", "--url", edge.url]
        doctor = subprocess.run(
            [*command, "--question", "pace 100 one two three four"],
            cwd=ROOT,
            env=deployed.emulator.environment | {"CHAT_TOKEN": api_key},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "ok  CDK bootstrap: version" in doctor.stdout
    assert "ok  the model's API: takes the key and has scripted" in doctor.stdout
    assert "ok  stack lambda-stream-chat-rehearsal: is deployed" in doctor.stdout
    assert "ok  page http://127.0.0.1" in doctor.stdout
    assert "a chat: the whole answer came at once" in doctor.stdout  # the emulator buffers
    assert API_KEY not in doctor.stdout + doctor.stderr
    assert api_key not in doctor.stdout + doctor.stderr
