from collections.abc import Callable

import pytest
from aws_cdk import aws_logs as logs

from chat.declaration import declarations
from chat.settings import OTHER_VARIABLES
from chat.settings import Settings as FunctionSettings
from stacks.settings import SettingsError
from stacks.settings.operation import RETENTION
from tests.support.setting_values import OTHER_VALUES
from tests.support.template import Resource, Template

PARAMETER = {
    "Fn::Join": [
        "",
        [
            "arn:",
            {"Ref": "AWS::Partition"},
            ":ssm:",
            {"Ref": "AWS::Region"},
            ":",
            {"Ref": "AWS::AccountId"},
            ":parameter/lambda-stream-chat/openai-api-key",
        ],
    ]
}

# Partition keys as lambda_src/chat writes them: `day#…` is counted in, `key#…` is an API key.
ON_ITEMS: list[tuple[str, dict[str, object]]] = [
    (
        "dynamodb:GetItem",
        {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["day#*", "key#*"]},
            "Null": {"dynamodb:LeadingKeys": "false"},
        },
    ),
    (
        "dynamodb:UpdateItem",
        {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["day#*"]},
            "Null": {"dynamodb:LeadingKeys": "false"},
        },
    ),
    (
        "dynamodb:UpdateItem",
        {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["key#*"]},
            "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "last_used"]},
            "Null": {"dynamodb:LeadingKeys": "false", "dynamodb:Attributes": "false"},
            "StringEquals": {"dynamodb:ReturnValues": "NONE"},
        },
    ),
]


def function(template: Template) -> Resource:
    return template.one("AWS::Lambda::Function", "ChatFunction")


def statements(template: Template) -> list[Resource]:
    policy = template.one("AWS::IAM::Policy", "ChatRole")
    statements: list[Resource] = policy["PolicyDocument"]["Statement"]
    return statements


def test_the_function_starts_the_streaming_runtime_on_python_3_13_and_arm64(template: Template) -> None:
    properties = function(template)

    assert properties["Runtime"] == "python3.13"
    assert properties["Architectures"] == ["arm64"]
    assert properties["Handler"] == "chat.handler.handler"
    assert properties["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"] == "/var/task/bootstrap"


def test_memory_timeout_and_reserved_concurrency_come_from_the_settings(synthesize: Callable[..., Template]) -> None:
    properties = function(synthesize(memory_mb=1024, timeout_seconds=120, reserved_concurrency=5))

    assert properties["MemorySize"] == 1024
    assert properties["Timeout"] == 120
    assert properties["ReservedConcurrentExecutions"] == 5


def test_without_reserved_concurrency_none_is_taken_from_the_account(template: Template) -> None:
    assert "ReservedConcurrentExecutions" not in function(template)


def test_the_role_may_read_one_parameter_and_write_its_own_log_and_nothing_else(template: Template) -> None:
    role = template.one("AWS::IAM::Role", "ChatRole")

    assert "ManagedPolicyArns" not in role
    assert "Policies" not in role
    assert [statement["Principal"] for statement in role["AssumeRolePolicyDocument"]["Statement"]] == [
        {"Service": "lambda.amazonaws.com"}
    ]
    [log_group] = [name for name in template.all("AWS::Logs::LogGroup") if name.startswith("ChatLogs")]
    [table] = template.all("AWS::DynamoDB::Table")
    assert statements(template) == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": [log_group, "Arn"]},
        },
        {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": PARAMETER},
        *(
            {
                "Effect": "Allow",
                "Action": action,
                "Resource": {"Fn::GetAtt": [table, "Arn"]},
                "Condition": condition,
            }
            for action, condition in ON_ITEMS
        ),
    ]


def test_without_limits_and_keys_there_is_no_table_nor_a_permission_for_one(
    synthesize: Callable[..., Template],
) -> None:
    template = synthesize(daily_requests_per_person="", daily_tokens_per_person="")

    assert template.all("AWS::DynamoDB::Table") == {}
    assert len(statements(template)) == 2


def test_a_parameter_under_a_key_of_one_s_own_may_be_decrypted_through_ssm_only(
    synthesize: Callable[..., Template],
) -> None:
    key = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d"

    [_, _, decrypt, *_] = statements(synthesize(api_key_kms_key_arn=key))

    assert decrypt["Action"] == "kms:Decrypt"
    assert decrypt["Resource"] == key
    assert decrypt["Condition"]["StringEquals"]["kms:EncryptionContext:PARAMETER_ARN"] == PARAMETER
    assert "kms:ViaService" in decrypt["Condition"]["StringEquals"]


def test_a_parameter_name_without_a_folder_gives_the_same_form_of_arn(synthesize: Callable[..., Template]) -> None:
    [_, read, *_] = statements(synthesize(api_key_parameter="model-key"))

    assert read["Resource"]["Fn::Join"][1][-1] == ":parameter/model-key"


def test_logs_are_json_kept_for_the_retention_and_go_with_the_stack(synthesize: Callable[..., Template]) -> None:
    template = synthesize(log_retention_days=7)
    [name] = [name for name in template.all("AWS::Logs::LogGroup") if name.startswith("ChatLogs")]
    log_group = template.content["Resources"][name]

    assert log_group["Properties"]["RetentionInDays"] == 7
    assert log_group["DeletionPolicy"] == "Delete"
    assert function(template)["LoggingConfig"] == {
        "ApplicationLogLevel": "INFO",
        "LogFormat": "JSON",
        "LogGroup": {"Ref": name},
    }


@pytest.mark.parametrize(("level", "passed_on"), [("DEBUG", "DEBUG"), ("ERROR", "INFO")])
def test_lambda_drops_no_line_that_the_logger_wants_nor_any_metric(
    synthesize: Callable[..., Template], level: str, passed_on: str
) -> None:
    properties = function(synthesize(log_level=level))

    assert properties["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == level
    assert properties["LoggingConfig"]["ApplicationLogLevel"] == passed_on


def test_every_accepted_retention_exists_in_the_cdk() -> None:
    assert {logs.RetentionDays[name] for name in RETENTION.values()} <= set(logs.RetentionDays)


def read_by_the_function(template: Template) -> FunctionSettings:
    """What the function makes of its environment; what CloudFormation fills in stands as a URL."""
    variables = function(template)["Environment"]["Variables"]
    known = {name: value if isinstance(value, str) else "https://filled.in" for name, value in variables.items()}
    return FunctionSettings.from_environment(known)


def test_every_setting_of_the_function_reaches_it(synthesize: Callable[..., Template]) -> None:
    # A guardrail is Bedrock's alone: test_bedrock.py has that one.
    given = {name: value for name, value in OTHER_VALUES.items() if name != "bedrock_guardrail"}

    settings = read_by_the_function(synthesize(**given))

    assert {name: getattr(settings, name) for name in given} == given


def test_what_the_stack_s_resources_are_called_reaches_it_as_well(template: Template) -> None:
    settings = read_by_the_function(template)

    assert settings.sign_in == "cognito"
    assert settings.sign_in_issuer == settings.subject_salt == settings.table_name == "https://filled.in"
    assert settings.sign_in_scope == "chat/use"


def test_an_answer_without_heartbeats_ends_before_cloudfront_gives_up(
    synthesize: Callable[..., Template],
) -> None:
    behind = read_by_the_function(synthesize(origin_read_timeout_seconds=180))
    direct = read_by_the_function(synthesize(exposure="direct"))

    assert behind.quiet_seconds is not None
    assert 170 < behind.quiet_seconds < 180
    assert direct.quiet_seconds is None


def test_it_is_given_no_variable_that_nobody_reads(template: Template) -> None:
    variables = set(function(template)["Environment"]["Variables"])

    assert variables <= {name.upper() for name in declarations(FunctionSettings)} | set(OTHER_VARIABLES)


def test_an_environment_too_large_for_lambda_fails_at_synth(synthesize: Callable[..., Template]) -> None:
    with pytest.raises(SettingsError, match=r"system_prompt, models: .* accepted: at most 4,096"):
        synthesize(system_prompt="é" * 2000, models=",".join(f"{'m' * 20}{n}" for n in range(20)))
