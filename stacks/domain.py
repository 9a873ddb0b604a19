"""A name of one's own for the distribution, and the logs of who asked it."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.acknowledgments import acknowledge
from stacks.settings import Settings

# Every distribution has this zone: https://docs.aws.amazon.com/general/latest/gr/cf_region.html
_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"


def certificate(scope: Construct, settings: Settings) -> acm.ICertificate | None:
    """Return the certificate of the settings, if there is one."""
    if settings.certificate_arn is None:
        return None
    return acm.Certificate.from_certificate_arn(scope, "Certificate", settings.certificate_arn)


def point_name_at(distribution: cloudfront.Distribution, settings: Settings) -> None:
    """Make the name's records, if the settings say in which zone."""
    if settings.domain_name is None or settings.hosted_zone_id is None:
        return
    for kind in ("A", "AAAA"):
        route53.CfnRecordSet(
            distribution,
            f"Name{kind}",
            hosted_zone_id=settings.hosted_zone_id,
            name=settings.domain_name,
            type=kind,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=distribution.distribution_domain_name, hosted_zone_id=_CLOUDFRONT_ZONE
            ),
        )


def countries(settings: Settings) -> cloudfront.GeoRestriction | None:
    """Return which countries' visitors get in; None: all."""
    return cloudfront.GeoRestriction.allowlist(*settings.allowed_countries) if settings.allowed_countries else None


def access_log_bucket(scope: Construct, settings: Settings) -> s3.Bucket | None:
    """Make the bucket for CloudFront's access logs, if there are to be any."""
    if not settings.access_logs:
        return None
    bucket = s3.Bucket(
        scope,
        "AccessLogs",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        # CloudFront's standard logs are delivered by way of the bucket's access control list.
        object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
        lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(settings.log_retention_days))],
        removal_policy=RemovalPolicy.DESTROY,
        auto_delete_objects=True,
    )
    acknowledge(bucket, {"AwsSolutions-S1": "It holds logs: logs of who read them would have no end."})
    return bucket


def acknowledge_distribution(distribution: cloudfront.Distribution, settings: Settings) -> None:
    """Acknowledge what cdk-nag finds in a distribution that the settings want so."""
    reasons = {}
    if not settings.allowed_countries:
        reasons["AwsSolutions-CFR1"] = "A deployment's guests may be anywhere."
    if settings.web_acl_arn is None:
        reasons["AwsSolutions-CFR2"] = (
            "A web ACL costs every month; reserved_concurrency bounds what a flood can use, and a setting has it."
        )
    if not settings.access_logs:
        reasons["AwsSolutions-CFR3"] = "The function logs each request; a log of static files only collects addresses."
    if settings.domain_name is None:
        reasons["AwsSolutions-CFR4"] = "CloudFront's own domain name has a fixed TLS policy."
    acknowledge(distribution, reasons)
