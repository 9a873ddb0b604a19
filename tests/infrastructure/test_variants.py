"""Settings together: each choice with each other one at least once, and what has to hold whatever is chosen."""

import itertools
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from contracts import names
from stacks.app import add_stacks
from stacks.chat_site import Page
from stacks.settings import Settings, cdk_json_context
from tests.support.pairwise import pairwise
from tests.support.template import Resource, Template

pytestmark = pytest.mark.timeout(400)  # cfn-lint takes half a minute for all of them on a quiet machine

REGION = "eu-central-1"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000"
OIDC = {"sign_in_issuer": "https://issuer.example.com", "sign_in_client_id": "page", "sign_in_audience": "api"}

FACTORS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "people": [
        {},
        {
            "sign_in_email_domains": "example.com",
            "sign_in_mfa": "required",
            "sign_in_localhost": True,
            "email_from": "chat@example.com",
            "retain": True,
        },
        {"sign_in": "oidc", **OIDC},
        {"sign_in": "none"},
    ],
    "model": [
        {},
        {"api_key_kms_key_arn": "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000"},
        {"upstream": "bedrock", "models": "eu.anthropic.claude-sonnet-4-20250514-v1:0,amazon.nova-micro-v1:0"},
    ],
    "address": [
        {},
        {"domain_name": "chat.example.com", "certificate_arn": CERTIFICATE, "hosted_zone_id": "Z0123456789ABCDEF"},
        {"access_logs": True, "allowed_countries": "DE,JP", "price_class": "PriceClass_100"},
    ],
    "watching": [
        {},
        {
            "tracing": True,
            "alarm_email": "ops@example.com",
            "daily_tokens_alarm": 5_000_000,
            "price_input_tokens": 0.75,
            "price_output_tokens": 4.5,
        },
        {"monitoring": False},
    ],
    "firewall": [
        {},
        {"firewall_rate": 500},
        {"web_acl_arn": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chat/0a1b2c3d-0000-4000-8000-000000000000"},
    ],
    "exposure": [{}, {"exposure": "direct"}],
    "keys": [{}, {"api_keys": True}],
    "limits": [{}, {"daily_requests_per_person": "", "daily_tokens_per_person": ""}],
    "concurrency": [{}, {"reserved_concurrency": 5}],
    "start": [{}, {"snap_start": True}],
}
ROWS = pairwise(FACTORS)


def chosen(row: Mapping[str, int]) -> dict[str, Any]:
    merged: dict[str, Any] = {"stage": f"v{ROWS.index(dict(row))}", "tags": "team=support"}
    for factor, number in row.items():
        merged |= FACTORS[factor][number]
    return merged


@pytest.fixture(scope="module")
def assembly(empty_root: Path, page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all variants' templates, and with cdk-nag's report: what it finds stops the synthesis."""
    out = tmp_path_factory.mktemp("cdk.out")
    app = App(context=cdk_json_context(), outdir=str(out))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    for row in ROWS:
        settings = Settings.from_context(chosen(row))
        # Half of them with the region known, as a firewall needs it.
        region = REGION if settings.firewall_rate or row["start"] else None
        add_stacks(app, settings, task_root=empty_root, page=page, region=region)
    app.synth()
    return out


@pytest.fixture(scope="module")
def variants(assembly: Path) -> list[tuple[Settings, Template]]:
    found = [(Settings.from_context(chosen(row)), assembly) for row in ROWS]
    return [(settings, Template(out / f"{names.stack_name(settings.stage)}.template.json")) for settings, out in found]


def test_each_choice_meets_each_other_one() -> None:
    met = {pair for row in ROWS for pair in itertools.combinations(row.items(), 2)}
    possible = sum(len(one) * len(other) for one, other in itertools.combinations(FACTORS.values(), 2))

    assert len(met) == possible
    assert len(ROWS) < 25  # of 10,368


def test_cdk_nag_finds_nothing_that_is_not_acknowledged(assembly: Path) -> None:
    report = json.loads((assembly / "validation-report.json").read_text(encoding="utf-8"))

    rules = {one["ruleName"] for plugin in report["pluginReports"] for one in plugin["violations"]}

    assert rules == {"Annotation::lambda-stream-chat:open"}  # the warning that some of them let everybody in


def test_cfn_lint_finds_nothing(assembly: Path) -> None:
    # W3005: a dependency that a reference already makes. The CDK writes them for its own functions and ours.
    templates = sorted(map(str, assembly.glob("*.template.json")))
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", "W3005", "--", *templates]

    lint = subprocess.run(command, capture_output=True, text=True, check=False)

    assert len(templates) > len(ROWS)  # the firewalls' too
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def test_the_function_url_streams_and_lets_in_whom_it_should(variants: list[tuple[Settings, Template]]) -> None:
    for settings, template in variants:
        url = template.one("AWS::Lambda::Url")
        permissions = template.all("AWS::Lambda::Permission").values()
        chat = {
            (one["Action"], one["Principal"]) for one in permissions if one["Principal"] != "cognito-idp.amazonaws.com"
        }
        whoever = "*" if settings.exposure == "direct" else "cloudfront.amazonaws.com"

        assert url["InvokeMode"] == "RESPONSE_STREAM"
        assert url["AuthType"] == ("NONE" if settings.exposure == "direct" else "AWS_IAM")
        assert chat == {("lambda:InvokeFunctionUrl", whoever), ("lambda:InvokeFunction", whoever)}
        assert ("Qualifier" in url) is settings.snap_start


def chat_statements(template: Template) -> list[Resource]:
    statements: list[Resource] = template.one("AWS::IAM::Policy", "ChatRole")["PolicyDocument"]["Statement"]
    return statements


def actions(statement: Resource) -> list[str]:
    return [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]


def test_the_function_may_do_what_its_settings_need_and_no_more(variants: list[tuple[Settings, Template]]) -> None:
    for settings, template in variants:
        allowed = {action for statement in chat_statements(template) for action in actions(statement)}
        expected = {"logs:CreateLogStream", "logs:PutLogEvents"}
        if settings.upstream == "bedrock":
            expected |= {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}
        else:
            expected |= {"ssm:GetParameter"}
        if settings.api_key_kms_key_arn:
            expected |= {"kms:Decrypt"}
        if settings.needs_table:
            expected |= {"dynamodb:GetItem", "dynamodb:UpdateItem"}
        if settings.tracing:
            expected |= {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}

        assert allowed == expected, settings
        wide = [actions(one) for one in chat_statements(template) if one["Resource"] == "*"]
        assert all(action.startswith("xray:") for each in wide for action in each)


def test_nothing_stays_behind_but_what_is_to_be_retained(variants: list[tuple[Settings, Template]]) -> None:
    for settings, template in variants:
        retained = {
            one["Type"]
            for one in template.content["Resources"].values()
            if one.get("DeletionPolicy", "Delete") != "Delete" and one["Type"] != "AWS::Lambda::Version"
        }
        kept = {"AWS::Cognito::UserPool"} if settings.sign_in == "cognito" else set()
        kept |= {"AWS::DynamoDB::Table"} if settings.needs_table else set()

        assert retained == (kept if settings.retain else set()), settings
        for role in template.all("AWS::IAM::Role").values():
            assert not role.get("ManagedPolicyArns")


def test_every_bucket_is_closed_to_the_public(variants: list[tuple[Settings, Template]]) -> None:
    for settings, template in variants:
        buckets = template.all("AWS::S3::Bucket").values()

        assert len(buckets) == 1 + settings.access_logs
        for bucket in buckets:
            assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def test_the_page_runs_no_script_of_others_and_is_in_no_frame(variants: list[tuple[Settings, Template]]) -> None:
    for _, template in variants:
        headers = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
        policy = json.dumps(headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])

        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
