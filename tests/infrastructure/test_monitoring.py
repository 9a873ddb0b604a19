import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App

from chat.record import RequestRecord
from stacks.chat_stack import ChatStack
from stacks.settings import Settings, SettingsError
from tests.support.template import Resource, Template


def dashboard(template: Template) -> str:
    """The dashboard's text, with what CloudFormation fills in left out."""
    body = template.one("AWS::CloudWatch::Dashboard")["DashboardBody"]
    return "".join(part if isinstance(part, str) else "…" for part in body["Fn::Join"][1])


def alarm(template: Template, name: str) -> Resource:
    return template.one("AWS::CloudWatch::Alarm", f"MonitoringAlarms{name}")


def statements(template: Template) -> list[Resource]:
    policy: list[Resource] = template.one("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    return policy


def test_the_metrics_that_are_looked_at_are_those_that_the_function_writes(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    record = RequestRecord("id", status=200)
    record.usage.saw_content(1)
    record.usage.saw_usage({"prompt_tokens": 1, "completion_tokens": 1})
    record.write()
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    written = {metric["Name"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]}

    looked_at = set(re.findall(r'"lambda-stream-chat/prod","(\w+)","service","chat"', dashboard(template)))

    assert looked_at == written


def test_the_dashboard_has_first_token_percentiles_tokens_concurrency_and_throttles(template: Template) -> None:
    text = dashboard(template)

    for part in ("p50", "p90", "p99", "TokensIn", "TokensOut", "ConcurrentExecutions", "Throttles", "error_code"):
        assert part in text, part


def test_the_cost_is_estimated_when_the_prices_are_known(
    template: Template, synthesize: Callable[..., Template]
) -> None:
    priced = dashboard(synthesize(price_input_tokens=0.75, price_output_tokens=4.5))

    assert "(FILL(sent, 0) * 0.75 + FILL(answered, 0) * 4.5) / 1000000" in priced
    assert "dollars" not in dashboard(template)


def test_the_error_alarm_counts_what_is_not_the_caller_s_fault_and_not_a_handful(template: Template) -> None:
    errors = alarm(template, "Errors")

    [expression] = [metric["Expression"] for metric in errors["Metrics"] if "Expression" in metric]
    assert expression == "IF(requests >= 10, 100 * MAX([FILL(faults, 0), FILL(crashes, 0)]) / requests, 0)"
    assert errors["Threshold"] == 10


def test_thresholds_come_from_the_settings(synthesize: Callable[..., Template]) -> None:
    template = synthesize(alarm_error_percent=3, alarm_first_token_ms=2500, daily_tokens_alarm=90_000)

    assert alarm(template, "Errors")["Threshold"] == 3
    first_token = alarm(template, "FirstToken")
    assert (first_token["Threshold"], first_token["Metrics"][0]["MetricStat"]["Stat"]) == (2500, "p90")
    assert template.one("AWS::CloudWatch::Alarm", "TokenAlarm")["Threshold"] == 90_000


def test_silence_is_no_alarm_and_every_alarm_tells_the_topic_of_its_begin_and_its_end(
    synthesize: Callable[..., Template],
) -> None:
    template = synthesize(daily_tokens_alarm=90_000)
    [topic] = template.all("AWS::SNS::Topic")

    alarms = template.all("AWS::CloudWatch::Alarm")

    assert len(alarms) == 4
    for properties in alarms.values():
        assert properties["TreatMissingData"] == "notBreaching"
        assert properties["AlarmActions"] == properties["OKActions"] == [{"Ref": topic}]


def test_only_this_account_s_alarms_may_publish_and_only_over_tls(template: Template) -> None:
    refused, allowed = statements(template)

    assert (refused["Effect"], refused["Action"]) == ("Deny", "sns:Publish")
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allowed["Effect"], allowed["Action"]) == ("Allow", "sns:Publish")
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_an_e_mail_address_is_subscribed_if_one_is_given(
    template: Template, synthesize: Callable[..., Template]
) -> None:
    subscription = synthesize(alarm_email="ops@example.com").one("AWS::SNS::Subscription")

    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.com")
    assert template.all("AWS::SNS::Subscription") == {}


def test_queries_are_saved_for_slow_chats_errors_and_persons(template: Template) -> None:
    queries = {one["Name"]: one["QueryString"] for one in template.all("AWS::Logs::QueryDefinition").values()}

    assert set(queries) == {
        "lambda-stream-chat-prod/slowest chats",
        "lambda-stream-chat-prod/errors by code",
        "lambda-stream-chat-prod/tokens by person",
    }
    assert all('filter message = "request"' in query for query in queries.values())


def test_off_leaves_nothing_of_it(synthesize: Callable[..., Template]) -> None:
    template = synthesize(monitoring="off", daily_tokens_alarm=90_000)

    for kind in ("AWS::CloudWatch::Dashboard", "AWS::SNS::Topic", "AWS::Logs::QueryDefinition"):
        assert template.all(kind) == {}, kind
    assert "AlarmActions" not in template.one("AWS::CloudWatch::Alarm", "TokenAlarm")


def test_tracing_gives_the_role_what_x_ray_needs_and_no_more(
    template: Template, synthesize: Callable[..., Template]
) -> None:
    def actions(of: Template) -> list[Any]:
        return [one["Action"] for one in of.one("AWS::IAM::Policy", "ChatRole")["PolicyDocument"]["Statement"]]

    traced = synthesize(tracing="on")

    assert traced.one("AWS::Lambda::Function", "ChatFunction")["TracingConfig"] == {"Mode": "Active"}
    assert [one for one in actions(traced) if one not in actions(template)] == [
        ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    ]


def test_a_faulty_combination_is_refused() -> None:
    with pytest.raises(SettingsError, match="alarm_email"):
        Settings.from_context({"monitoring": "off", "alarm_email": "ops@example.com"})


def test_the_stack_can_be_protected(add_stack: Callable[[App, Settings], ChatStack]) -> None:
    assert add_stack(App(), Settings(termination_protection=True)).termination_protection
    assert not add_stack(App(), Settings()).termination_protection


def test_tags_are_on_what_is_made(synthesize: Callable[..., Template]) -> None:
    template = synthesize(tags="team=support,cost centre=42")

    for kind, name in (("AWS::Lambda::Function", "Chat"), ("AWS::S3::Bucket", ""), ("AWS::SNS::Topic", "")):
        tags = {tag["Key"]: tag["Value"] for tag in template.one(kind, name)["Tags"]}
        wanted = {"project": "lambda-stream-chat", "stage": "prod", "team": "support", "cost centre": "42"}
        assert wanted.items() <= tags.items(), kind
