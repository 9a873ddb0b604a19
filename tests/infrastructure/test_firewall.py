"""The second stack, with a web ACL, and how the chat's stack finds it from another region."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App
from aws_cdk.cx_api import CloudAssembly

from stacks.app import add_stacks, firewall_region
from stacks.chat_site import Page
from stacks.settings import Settings, SettingsError, cdk_json_context
from tests.support.template import Template

CHAT, FIREWALL = "lambda-stream-chat-prod", "lambda-stream-chat-prod-firewall"
REGION = "eu-central-1"


@pytest.fixture(scope="module")
def assembly(empty_root: Path, page: Page, tmp_path_factory: pytest.TempPathFactory) -> CloudAssembly:
    app = App(context=cdk_json_context(), outdir=str(tmp_path_factory.mktemp("cdk.out")))
    settings = Settings(firewall_rate=500, tags=("team=support",))
    add_stacks(app, settings, task_root=empty_root, page=page, region=REGION)
    return app.synth()


@pytest.fixture(scope="module")
def read(assembly: CloudAssembly) -> Callable[[str], Template]:
    return lambda name: Template(Path(assembly.get_stack_by_name(name).template_full_path))


def test_it_counts_requests_by_address_where_cloudfront_looks_for_it(
    assembly: CloudAssembly, read: Callable[[str], Template]
) -> None:
    acl = read(FIREWALL).one("AWS::WAFv2::WebACL")
    [rule] = acl["Rules"]

    assert assembly.get_stack_by_name(FIREWALL).environment.region == "us-east-1"
    assert acl["Scope"] == "CLOUDFRONT"
    assert rule["Action"] == {"Block": {}}
    assert rule["Statement"]["RateBasedStatement"] == {
        "AggregateKeyType": "IP",
        "EvaluationWindowSec": 300,
        "Limit": 500,
    }


def test_the_distribution_is_behind_it_and_deployed_after_it(
    assembly: CloudAssembly, read: Callable[[str], Template]
) -> None:
    distribution = read(CHAT).one("AWS::CloudFront::Distribution")["DistributionConfig"]
    reference = distribution["WebACLId"]["Fn::GetStackOutput"]
    output = read(FIREWALL).content["Outputs"][reference["OutputName"]]

    assert (reference["StackName"], reference["Region"]) == (FIREWALL, "us-east-1")
    assert output["Value"]["Fn::GetAtt"] == [*read(FIREWALL).all("AWS::WAFv2::WebACL"), "Arn"]
    assert assembly.get_stack_by_name(CHAT).environment.region == REGION
    assert FIREWALL in [one.id for one in assembly.get_stack_by_name(CHAT).dependencies]


def test_it_has_the_chat_s_tags(read: Callable[[str], Template]) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in read(FIREWALL).one("AWS::WAFv2::WebACL")["Tags"]}

    assert tags == {"project": "lambda-stream-chat", "stage": "prod", "team": "support"}


def test_without_a_rate_there_is_one_stack_for_any_region(empty_root: Path, page: Page, tmp_path: Path) -> None:
    app = App(context=cdk_json_context(), outdir=str(tmp_path))
    add_stacks(app, Settings(monitoring=False), task_root=empty_root, page=page)

    [stack] = app.synth().stacks

    assert stack.environment.region == "unknown-region"
    assert "WebACLId" not in Template(Path(stack.template_full_path)).one("AWS::CloudFront::Distribution")


@pytest.mark.parametrize(("environment"), [{"CDK_DEFAULT_REGION": REGION}, {"AWS_REGION": REGION}])
def test_the_chat_s_stack_names_its_region_because_of_it(environment: dict[str, str]) -> None:
    limited = Settings(firewall_rate=500)

    assert firewall_region(limited, limited, environment) == REGION
    assert firewall_region(Settings(), Settings(), environment) is None


def test_where_the_region_is_not_known_it_says_what_to_do() -> None:
    limited = Settings(firewall_rate=500)

    with pytest.raises(SettingsError, match="set AWS_REGION"):
        firewall_region(limited, limited, {})


@pytest.mark.parametrize(("given", "kept"), [(500, None), (None, 500), (600, 500)])
def test_it_cannot_be_given_for_one_command_only_as_destroy_would_leave_it(given: int | None, kept: int | None) -> None:
    with pytest.raises(SettingsError, match=r"firewall_rate: set it in cdk.json"):
        firewall_region(Settings(firewall_rate=given), Settings(firewall_rate=kept), {"AWS_REGION": REGION})


def test_a_web_acl_of_one_s_own_is_before_the_distribution(synthesize: Callable[..., Template]) -> None:
    arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chat/0a1b"

    assert synthesize(web_acl_arn=arn).one("AWS::CloudFront::Distribution")["DistributionConfig"]["WebACLId"] == arn


def test_two_web_acls_are_one_too_many() -> None:
    arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chat/0a1b"

    with pytest.raises(SettingsError, match="firewall_rate, web_acl_arn"):
        Settings.from_context({"firewall_rate": 500, "web_acl_arn": arn})
