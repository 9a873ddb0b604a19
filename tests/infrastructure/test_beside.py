"""Stages and regions of one account, beside each other: what is named by us clashes nowhere."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment

from stacks.chat_stack import ChatStack
from stacks.settings import Settings, cdk_json_context

STAGES = ("prod", "a" * 20)  # the longest there is
REGIONS = ("eu-central-1", "ap-southeast-7")

# What an account has once, not once in each region, and is named by the template.
ACCOUNT_WIDE = {
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig", "Name"),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig", "Name"),
    "AWS::CloudWatch::Dashboard": ("DashboardName",),
    "AWS::IAM::Role": ("RoleName",),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName",),
    "AWS::S3::Bucket": ("BucketName",),
    "AWS::CloudFront::CachePolicy": ("CachePolicyConfig", "Name"),
    "AWS::CloudFront::OriginRequestPolicy": ("OriginRequestPolicyConfig", "Name"),
    "AWS::CloudFront::Function": ("Name",),
    "AWS::CloudFront::KeyValueStore": ("Name",),
}


@pytest.fixture(scope="module")
def account(add_stack: Callable[..., ChatStack], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The templates of all stages in all regions."""
    app = App(context=cdk_json_context(), outdir=str(tmp_path_factory.mktemp("cdk.out")))
    for stage, region in itertools.product(STAGES, REGIONS):
        env = Environment(account="111122223333", region=region)
        name = f"lambda-stream-chat-{stage}"
        add_stack(app, Settings(stage=stage), construct_id=f"{name}-{region}", stack_name=name, env=env)
    return [
        json.loads(Path(stack.template_full_path).read_text(encoding="utf-8"))["Resources"]
        for stack in app.synth().stacks
    ]


def names(resources: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for resource in resources.values():
        value = resource.get("Properties", {})
        for key in ACCOUNT_WIDE.get(resource["Type"], ()):
            value = value.get(key, {})
        if resource["Type"] in ACCOUNT_WIDE and value:
            assert isinstance(value, str), "a region that is known leaves nothing for CloudFormation to fill in"
            found.append((resource["Type"], value))
    return found


def test_no_account_wide_name_is_used_twice(account: list[dict[str, Any]]) -> None:
    used = [name for resources in account for name in names(resources)]

    assert len(account) == len(STAGES) * len(REGIONS)
    assert len(used) == 4 * len(account)  # one of headers and one dashboard, two of access
    assert len(set(used)) == len(used)


def test_no_name_is_too_long(account: list[dict[str, Any]]) -> None:
    assert max(len(name) for resources in account for _, name in names(resources)) <= 64


def test_the_stack_takes_what_any_stack_takes(add_stack: Callable[..., ChatStack]) -> None:
    stack = add_stack(App(), Settings(), description="Ours", env=Environment(region="eu-central-1"))

    assert stack.region == "eu-central-1"
    assert stack.template_options.description == "Ours"
