"""The chat's address: a private bucket with the page and the function, both behind one CloudFront distribution."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment
from constructs import Construct

from contracts.page_config import page_config
from stacks import cdk_gaps, domain
from stacks.acknowledgments import acknowledge, acknowledge_bucket_deployment
from stacks.chat_function import ChatFunction
from stacks.naming import account_wide_name
from stacks.security_headers import security_headers
from stacks.settings import Settings
from stacks.sign_in import SignIn, page_sign_in


@dataclass(frozen=True)
class Page:
    """The built page.

    Attributes:
        files: The folder to serve (web/dist).
        headers: The headers to serve it with (web/security-headers.json).
    """

    files: Path
    headers: Path


class ChatSite(Construct):
    """The distribution, its two origins, and the page in the bucket.

    Attributes:
        distribution: Serves the page at `/` and the function at `/api/*`.
        url: Where, with a slash at its end.
    """

    def __init__(  # noqa: PLR0913  # options by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        chat: ChatFunction,
        page: Page,
        sign_in: SignIn,
    ) -> None:
        super().__init__(scope, construct_id)
        self._bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            # Made of the page's build and nothing else: it goes with the stack.
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        name = account_wide_name(self, settings, "headers")
        headers_policy = security_headers(self, "SecurityHeaders", name, page.headers, sign_in.origins)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"lambda-stream-chat {settings.stage}",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass[settings.price_class.upper().replace("PRICECLASS", "PRICE_CLASS")],
            default_root_object="index.html",
            web_acl_id=settings.web_acl_arn,
            domain_names=[settings.domain_name] if settings.domain_name else None,
            certificate=domain.certificate(self, settings),
            geo_restriction=domain.countries(settings),
            log_bucket=domain.access_log_bucket(self, settings),
            default_behavior=cloudfront.BehaviorOptions(
                # A file that is not there is S3's 403, as the distribution may not list the bucket. Nothing links to
                # one, and a custom error response would hold for all paths: it would replace the function's own 403.
                origin=self._page_origin(settings),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=headers_policy,
            ),
            additional_behaviors={
                "/api/*": cloudfront.BehaviorOptions(
                    origin=self._function_origin(settings, chat.url),
                    # A redirect would come after the message has already travelled in the clear.
                    viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                    origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                    response_headers_policy=headers_policy,
                    compress=False,
                )
            },
        )
        cdk_gaps.permit_to_call(self.distribution, chat.called)
        domain.point_name_at(self.distribution, settings)
        self.url = f"https://{settings.domain_name or self.distribution.distribution_domain_name}/"
        self._deploy_page(page, page_config(settings, page_sign_in(settings, sign_in, self.url)))
        acknowledge(
            self._bucket, {"AwsSolutions-S1": "Only the distribution reads this bucket, and a page is no secret."}
        )
        domain.acknowledge_distribution(self.distribution, settings)

    def _page_origin(self, settings: Settings) -> cloudfront.IOrigin:
        name = account_wide_name(self, settings, "page")
        access = cloudfront.S3OriginAccessControl(self, "PageAccess", origin_access_control_name=name)
        return origins.S3BucketOrigin.with_origin_access_control(self._bucket, origin_access_control=access)

    def _function_origin(self, settings: Settings, function_url: lambda_.FunctionUrl) -> cloudfront.IOrigin:
        read_timeout = Duration.seconds(settings.origin_read_timeout_seconds)
        keepalive_timeout = Duration.seconds(60)  # the most there is: the connection is warm for the next message
        if settings.exposure == "direct":
            return origins.FunctionUrlOrigin(
                function_url, read_timeout=read_timeout, keepalive_timeout=keepalive_timeout
            )
        name = account_wide_name(self, settings, "function")
        return origins.FunctionUrlOrigin.with_origin_access_control(
            function_url,
            read_timeout=read_timeout,
            keepalive_timeout=keepalive_timeout,
            origin_access_control=cloudfront.FunctionUrlOriginAccessControl(
                self, "FunctionAccess", origin_access_control_name=name
            ),
        )

    def _deploy_page(self, page: Page, config_json: dict[str, Any]) -> None:
        log_group = logs.LogGroup(
            self, "DeploymentLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        source = s3_deployment.Source.asset(str(page.files))
        assets = s3_deployment.BucketDeployment(
            self,
            "Assets",
            destination_bucket=self._bucket,
            sources=[source],
            exclude=["*"],
            include=["assets/*"],
            cache_control=[s3_deployment.CacheControl.from_string("public, max-age=31536000, immutable")],
            # Yesterday's page, still open in a browser, may yet ask for one of yesterday's assets.
            prune=False,
            log_group=log_group,
        )
        config = s3_deployment.Source.json_data("config.json", config_json)
        everything_else = s3_deployment.BucketDeployment(
            self,
            "Page",
            destination_bucket=self._bucket,
            sources=[source, config],
            exclude=["assets/*"],
            # CloudFront then asks the bucket again after one second (CachingOptimized's minimum), so no deployment
            # needs an invalidation, nor anybody the permission for one.
            cache_control=[s3_deployment.CacheControl.from_string("no-cache")],
            prune=True,
            log_group=log_group,
        )
        # A page must not arrive before what it asks for.
        everything_else.node.add_dependency(assets)
        acknowledge_bucket_deployment(assets.handler_role, self._bucket)
        cdk_gaps.deployment_only_writes_logs(assets.handler_role, log_group)
        cdk_gaps.emptying_logs_to(log_group)
