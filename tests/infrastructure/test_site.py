from collections.abc import Callable
from typing import Any

import pytest

from contracts.page_config import page_config
from stacks.settings import Settings
from tests.support.template import Resource, Template

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def distribution(template: Template) -> Resource:
    config: Resource = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    return config


def origin_of(template: Template, behavior: Resource) -> Resource:
    [origin] = [one for one in distribution(template)["Origins"] if one["Id"] == behavior["TargetOriginId"]]
    found: Resource = origin
    return found


def test_the_bucket_is_private_encrypted_and_goes_with_the_stack(template: Template) -> None:
    bucket = template.one("AWS::S3::Bucket")

    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert "WebsiteConfiguration" not in bucket


def test_the_bucket_answers_this_distribution_over_tls_and_nobody_else(template: Template) -> None:
    [name] = template.all("AWS::CloudFront::Distribution")
    statements = template.one("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    [insecure] = [statement for statement in statements if statement["Effect"] == "Deny"]
    [emptied, read] = [statement for statement in statements if statement["Effect"] == "Allow"]

    assert insecure["Action"] == "s3:*"
    assert insecure["Principal"] == {"AWS": "*"}
    assert insecure["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert read["Action"] == "s3:GetObject"
    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert read["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1][-1] == {"Ref": name}
    # The CDK's own function, which empties the bucket when the stack is deleted.
    assert "AutoDeleteObjects" in emptied["Principal"]["AWS"]["Fn::GetAtt"][0]


def test_the_page_is_served_at_the_root_over_https_from_the_private_bucket(template: Template) -> None:
    config = distribution(template)
    behavior = config["DefaultCacheBehavior"]

    assert config["DefaultRootObject"] == "index.html"
    assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
    assert behavior["CachePolicyId"] == CACHING_OPTIMIZED
    assert behavior["Compress"] is True
    origin = origin_of(template, behavior)
    assert "SiteBucket" in origin["DomainName"]["Fn::GetAtt"][0]
    assert "OriginAccessControlId" in origin


@pytest.mark.parametrize("exposure", ["cloudfront", "direct"])
def test_api_reaches_the_function_uncached_uncompressed_and_with_every_header_but_host(
    synthesize: Callable[..., Template], exposure: str
) -> None:
    template = synthesize(exposure=exposure)
    [behavior] = distribution(template)["CacheBehaviors"]

    assert behavior["PathPattern"] == "/api/*"
    assert behavior["ViewerProtocolPolicy"] == "https-only"
    assert behavior["CachePolicyId"] == CACHING_DISABLED
    assert behavior["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST_HEADER
    assert behavior["Compress"] is False
    assert "POST" in behavior["AllowedMethods"]
    assert (
        behavior["ResponseHeadersPolicyId"] == distribution(template)["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
    )


def test_cloudfront_signs_its_requests_to_the_function(template: Template) -> None:
    [behavior] = distribution(template)["CacheBehaviors"]
    control_id = origin_of(template, behavior)["OriginAccessControlId"]["Fn::GetAtt"][0]
    control = template.all("AWS::CloudFront::OriginAccessControl")[control_id]["OriginAccessControlConfig"]

    assert control["OriginAccessControlOriginType"] == "lambda"
    assert control["SigningBehavior"] == "always"


def test_direct_leaves_authorization_to_the_caller_as_nothing_is_signed(direct: Template) -> None:
    [behavior] = distribution(direct)["CacheBehaviors"]

    assert "OriginAccessControlId" not in origin_of(direct, behavior)


def test_cloudfront_waits_longer_than_the_function_is_ever_silent(synthesize: Callable[..., Template]) -> None:
    template = synthesize(origin_read_timeout_seconds=120)
    [behavior] = distribution(template)["CacheBehaviors"]

    config = origin_of(template, behavior)["CustomOriginConfig"]

    assert config["OriginReadTimeout"] == 120
    assert config["OriginKeepaliveTimeout"] == 60
    assert config["OriginProtocolPolicy"] == "https-only"


def test_an_error_of_the_function_is_never_replaced(template: Template) -> None:
    assert "CustomErrorResponses" not in distribution(template)


def test_browsers_get_http_3_and_ipv6(template: Template) -> None:
    assert distribution(template)["HttpVersion"] == "http2and3"
    assert distribution(template)["IPV6Enabled"] is True


@pytest.mark.parametrize("price_class", ["PriceClass_100", "PriceClass_200", "PriceClass_All"])
def test_the_price_class_comes_from_the_settings(synthesize: Callable[..., Template], price_class: str) -> None:
    assert distribution(synthesize(price_class=price_class))["PriceClass"] == price_class


def deployments(template: Template) -> dict[str, Any]:
    found = template.all("Custom::CDKBucketDeployment")
    return {
        name: one for prefix in ("SiteAssets", "SitePage") for name, one in found.items() if name.startswith(prefix)
    }


def test_hashed_files_are_cached_for_ever_and_all_else_is_asked_for_again(template: Template) -> None:
    [assets, page] = deployments(template).values()

    assert assets["SystemMetadata"] == {"cache-control": "public, max-age=31536000, immutable"}
    assert (assets["Exclude"], assets["Include"]) == (["*"], ["assets/*"])
    assert page["SystemMetadata"] == {"cache-control": "no-cache"}
    assert page["Exclude"] == ["assets/*"]
    assert "Include" not in page


def test_the_page_arrives_after_its_assets_and_old_assets_stay_for_open_pages(template: Template) -> None:
    [assets_id, page_id] = deployments(template)
    [assets, page] = deployments(template).values()

    assert assets_id in template.content["Resources"][page_id]["DependsOn"]
    assert assets["Prune"] is False
    assert page["Prune"] is True


def test_the_page_is_told_where_the_api_is(template: Template, synthesize: Callable[..., Template]) -> None:
    [_, page] = deployments(template).values()

    assert len(page["SourceObjectKeys"]) == 2  # the page and its config.json
    config = page_config(Settings(max_input_chars=5), {"type": "none"})
    assert (config["apiBase"], config["maxInputChars"], config["demo"]) == ("/api/v1", 5, False)
    [_, other] = deployments(synthesize(max_input_chars=5)).values()
    assert other["SourceObjectKeys"][0] == page["SourceObjectKeys"][0]
    assert other["SourceObjectKeys"][1] != page["SourceObjectKeys"][1]


def test_the_outputs_say_where_everything_is(template: Template, direct: Template) -> None:
    outputs = template.content["Outputs"]

    assert set(outputs) == {
        "PageUrl",
        "ApiUrl",
        "FunctionUrl",
        "ChatApi",
        "ChatFunction",
        "FunctionName",
        "LogGroupName",
        "ApiKeyCommand",
        "DashboardUrl",
        "AlarmTopicArn",
        "TableName",
        "UserPoolId",
    }
    assert outputs["ApiUrl"]["Value"]["Fn::Join"][1][-1] == "/api/"
    assert "FunctionUrl" in direct.content["Outputs"]["ApiUrl"]["Value"]["Fn::GetAtt"]
    for outputs_of_one in (outputs, direct.content["Outputs"]):
        assert outputs_of_one["ChatApi"]["Value"] == outputs_of_one["ApiUrl"]["Value"]
        assert "FunctionUrl" in outputs_of_one["FunctionUrl"]["Value"]["Fn::GetAtt"]
        assert outputs_of_one["ChatFunction"]["Value"]["Fn::GetAtt"][1] == "Arn"
    command = "".join(part for part in outputs["ApiKeyCommand"]["Value"]["Fn::Join"][1] if isinstance(part, str))
    assert "--type SecureString" in command
    assert f"--name {Settings().api_key_parameter} " in command


def test_a_stage_has_a_stack_and_tags_of_its_own(synthesize: Callable[..., Template]) -> None:
    template = synthesize(stage="test")

    assert template.file.name == "lambda-stream-chat-test.template.json"
    assert {"Key": "stage", "Value": "test"} in template.one("AWS::S3::Bucket")["Tags"]
    assert {"Key": "project", "Value": "lambda-stream-chat"} in template.one("AWS::S3::Bucket")["Tags"]


def test_every_function_logs_into_a_log_group_that_goes_with_the_stack(template: Template) -> None:
    functions = template.all("AWS::Lambda::Function")

    assert len(functions) == 3  # ours, and the two of the CDK that fill and empty the bucket
    for properties in functions.values():
        assert properties["LoggingConfig"]["LogGroup"]["Ref"] in template.all("AWS::Logs::LogGroup")


def test_no_function_may_make_a_log_group_so_that_none_comes_back_after_destroy(
    synthesize: Callable[..., Template],
) -> None:
    template = synthesize(sign_in_email_domains="example.com")

    for role in template.all("AWS::IAM::Role").values():
        assert not role.get("ManagedPolicyArns")
    policies = [*template.all("AWS::IAM::Policy").values(), *template.all("AWS::IAM::Role").values()]
    assert "CreateLogStream" in str(policies)
    assert "CreateLogGroup" not in str(policies)
