from collections.abc import Callable

import pytest

from contracts import cors
from tests.support.template import Template


def test_the_url_streams_and_only_iam_callers_get_in(template: Template) -> None:
    url = template.one("AWS::Lambda::Url")

    assert url["InvokeMode"] == "RESPONSE_STREAM"
    assert url["AuthType"] == "AWS_IAM"


def test_only_this_distribution_may_call_the_function(template: Template) -> None:
    [distribution] = template.all("AWS::CloudFront::Distribution")
    source = {
        "Fn::Join": [
            "",
            [
                "arn:",
                {"Ref": "AWS::Partition"},
                ":cloudfront::",
                {"Ref": "AWS::AccountId"},
                ":distribution/",
                {"Ref": distribution},
            ],
        ]
    }

    permissions = list(template.all("AWS::Lambda::Permission").values())

    assert {permission["Action"] for permission in permissions} == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert len(permissions) == 2
    for permission in permissions:
        assert permission["Principal"] == "cloudfront.amazonaws.com"
        assert permission["SourceArn"] == source
    [invoke] = [permission for permission in permissions if permission["Action"] == "lambda:InvokeFunction"]
    assert invoke["InvokedViaFunctionUrl"] is True


def test_direct_opens_the_url_and_nothing_but_the_url(direct: Template) -> None:
    url = direct.one("AWS::Lambda::Url")
    permissions = list(direct.all("AWS::Lambda::Permission").values())

    assert url["AuthType"] == "NONE"
    assert url["InvokeMode"] == "RESPONSE_STREAM"
    assert [(permission["Action"], permission["Principal"]) for permission in permissions] == [
        ("lambda:InvokeFunctionUrl", "*"),
        ("lambda:InvokeFunction", "*"),
    ]
    assert permissions[0]["FunctionUrlAuthType"] == "NONE"
    assert permissions[1]["InvokedViaFunctionUrl"] is True


@pytest.mark.parametrize("exposure", ["cloudfront", "direct"])
def test_cors_is_what_the_settings_say_without_credentials_wildcards_or_options(
    synthesize: Callable[..., Template], exposure: str
) -> None:
    template = synthesize(exposure=exposure, cors_origins="https://a.example,https://b.example:8443")

    assert template.one("AWS::Lambda::Url")["Cors"] == {
        "AllowCredentials": False,
        "AllowHeaders": list(cors.HEADERS),
        "AllowMethods": ["GET", "POST"],
        "AllowOrigins": ["https://a.example", "https://b.example:8443"],
        "ExposeHeaders": [
            "x-request-id",
            "retry-after",
            "x-ratelimit-limit-requests",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-reset-requests",
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-tokens",
        ],
        "MaxAge": 3600,
    }
    assert {"authorization", "content-type", "x-stainless-lang"} <= set(cors.HEADERS)
    assert "*" not in cors.HEADERS


def test_without_origins_no_other_page_may_call_the_url(synthesize: Callable[..., Template]) -> None:
    assert "Cors" not in synthesize(cors_origins="").one("AWS::Lambda::Url")
