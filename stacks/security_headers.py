"""Turns the page's security headers into CloudFront's response headers policy."""

import re
from collections.abc import Iterable
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from contracts.security_headers import page_headers


def security_headers(
    scope: Construct, construct_id: str, name: str, file: Path, sign_in_origins: Iterable[str] = ()
) -> cloudfront.ResponseHeadersPolicy:
    """Make the policy that adds the file's headers to every answer, whatever the origin said; see `page_headers`.

    Raises:
        ValueError: A header's value cannot be expressed in CloudFront.
    """
    headers = page_headers(file, sign_in_origins)
    # CloudFront takes these six as typed properties only and refuses them among the custom headers.
    typed = cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=headers.pop("content-security-policy"),
            override=True,
        ),
        strict_transport_security=_hsts(headers.pop("strict-transport-security")),
        content_type_options=_nosniff(headers.pop("x-content-type-options")),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption[headers.pop("x-frame-options")], override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=_referrer_policy(headers.pop("referrer-policy")), override=True
        ),
    )
    return cloudfront.ResponseHeadersPolicy(
        scope,
        construct_id,
        response_headers_policy_name=name,
        comment="Security headers of the chat page",
        security_headers_behavior=typed,
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                for name, value in sorted(headers.items())
            ]
        ),
    )


def _hsts(value: str) -> cloudfront.ResponseHeadersStrictTransportSecurity:
    match = re.fullmatch(r"max-age=(\d+)(; includeSubDomains)?(; preload)?", value)
    if match is None:
        raise ValueError(f"Strict-Transport-Security: cannot read {value!r}")
    return cloudfront.ResponseHeadersStrictTransportSecurity(
        access_control_max_age=Duration.seconds(int(match[1])),
        include_subdomains=match[2] is not None,
        preload=match[3] is not None,
        override=True,
    )


def _nosniff(value: str) -> cloudfront.ResponseHeadersContentTypeOptions:
    if value != "nosniff":
        raise ValueError(f"X-Content-Type-Options: only nosniff exists, not {value!r}")
    return cloudfront.ResponseHeadersContentTypeOptions(override=True)


def _referrer_policy(value: str) -> cloudfront.HeadersReferrerPolicy:
    return cloudfront.HeadersReferrerPolicy[value.upper().replace("-", "_")]
