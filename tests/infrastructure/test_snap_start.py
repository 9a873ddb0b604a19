from collections.abc import Callable

import pytest

from tests.support.template import Template


@pytest.fixture(params=["cloudfront", "direct"])
def snapped(request: pytest.FixtureRequest, synthesize: Callable[..., Template]) -> Template:
    return synthesize(exposure=request.param, snap_start="on")


def test_without_it_there_is_nothing_of_it(template: Template) -> None:
    assert "SnapStart" not in template.one("AWS::Lambda::Function", "ChatFunction")
    assert not template.all("AWS::Lambda::Version")
    assert not template.all("AWS::Lambda::Alias")


def test_published_versions_have_snapshots(snapped: Template) -> None:
    assert snapped.one("AWS::Lambda::Function", "ChatFunction")["SnapStart"] == {"ApplyOn": "PublishedVersions"}


def test_the_function_url_is_an_alias_of_the_newest_version(snapped: Template) -> None:
    [version] = snapped.all("AWS::Lambda::Version")
    alias = snapped.one("AWS::Lambda::Alias")
    url = snapped.one("AWS::Lambda::Url")

    assert alias["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
    assert url["Qualifier"] == alias["Name"] == "live"
    assert url["InvokeMode"] == "RESPONSE_STREAM"


def test_every_permission_is_to_call_that_alias(snapped: Template) -> None:
    [alias] = snapped.all("AWS::Lambda::Alias")

    permissions = list(snapped.all("AWS::Lambda::Permission").values())

    assert [permission["FunctionName"] for permission in permissions] == [{"Ref": alias}] * 2
    assert {permission["Action"] for permission in permissions} == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}


def test_cloudfront_calls_that_url(snapped: Template) -> None:
    [url] = snapped.all("AWS::Lambda::Url")
    distribution = snapped.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    [function] = [origin for origin in distribution["Origins"] if "CustomOriginConfig" in origin]

    assert function["DomainName"] == {
        "Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": [url, "FunctionUrl"]}]}],
    }


def test_another_configuration_is_another_version(synthesize: Callable[..., Template]) -> None:
    def version(**settings: str) -> str:
        [version] = synthesize(snap_start="on", **settings).all("AWS::Lambda::Version")
        return version

    assert version(system_prompt="Be brief.") != version(system_prompt="Be kind.")
