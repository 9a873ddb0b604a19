from collections.abc import Callable

import pytest

from stacks.settings import Settings, SettingsError
from tests.support.template import Resource, Template

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
NAME = "chat.example.com"


def distribution(template: Template) -> Resource:
    config: Resource = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    return config


@pytest.fixture(scope="module")
def named(synthesize: Callable[..., Template]) -> Template:
    return synthesize(domain_name=NAME, certificate_arn=CERTIFICATE, hosted_zone_id="Z0123456789")


def test_the_distribution_answers_to_the_name_with_its_certificate_and_modern_tls(named: Template) -> None:
    config = distribution(named)

    assert config["Aliases"] == [NAME]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }


def test_the_name_points_at_the_distribution_over_ipv4_and_ipv6(named: Template) -> None:
    records = named.all("AWS::Route53::RecordSet").values()

    assert {record["Type"] for record in records} == {"A", "AAAA"}
    for record in records:
        assert (record["Name"], record["HostedZoneId"]) == (NAME, "Z0123456789")
        assert record["AliasTarget"]["HostedZoneId"] == "Z2FDTNDATAQYW2"


def test_the_outputs_say_the_name(named: Template) -> None:
    outputs = named.content["Outputs"]

    assert outputs["PageUrl"]["Value"] == f"https://{NAME}/"
    assert outputs["ApiUrl"]["Value"] == f"https://{NAME}/api/"


def test_without_a_zone_no_record_is_made(synthesize: Callable[..., Template]) -> None:
    template = synthesize(domain_name=NAME, certificate_arn=CERTIFICATE)

    assert template.all("AWS::Route53::RecordSet") == {}


@pytest.mark.parametrize(
    "settings", [{"domain_name": NAME}, {"certificate_arn": CERTIFICATE}, {"hosted_zone_id": "Z0123456789"}]
)
def test_half_a_name_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"domain_name"):
        Settings.from_context(settings)


def test_visitors_may_be_limited_to_countries(template: Template, synthesize: Callable[..., Template]) -> None:
    limited = distribution(synthesize(allowed_countries="DE,JP"))

    assert limited["Restrictions"]["GeoRestriction"] == {"Locations": ["DE", "JP"], "RestrictionType": "whitelist"}
    assert "Restrictions" not in distribution(template)


def test_access_logs_go_into_a_closed_bucket_and_expire(
    template: Template, synthesize: Callable[..., Template]
) -> None:
    logged = synthesize(access_logs="on", log_retention_days=7)
    bucket = logged.one("AWS::S3::Bucket", "SiteAccessLogs")

    assert "SiteAccessLogs" in str(distribution(logged)["Logging"]["Bucket"])
    assert bucket["LifecycleConfiguration"]["Rules"] == [{"ExpirationInDays": 7, "Status": "Enabled"}]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert "Logging" not in distribution(template)
