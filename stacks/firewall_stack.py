"""A web ACL that slows down floods, in us-east-1, where CloudFront looks for it."""

from aws_cdk import CfnOutput, Environment, Stack, Tags
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from contracts import names
from stacks.settings import Settings


class FirewallStack(Stack):
    """A web ACL with one rule: so many requests in five minutes from one address, and no more."""

    def __init__(self, scope: Construct, *, settings: Settings, rate: int) -> None:
        """Make the stack.

        Args:
            scope: The app.
            settings: What is deployed.
            rate: Requests in five minutes.
        """
        super().__init__(
            scope,
            names.stack_name(f"{settings.stage}-firewall"),
            description="A rate limit for the chat's distribution",
            env=Environment(region="us-east-1"),
        )
        Tags.of(self).add("project", names.PROJECT)
        Tags.of(self).add("stage", settings.stage)
        acl = waf.CfnWebACL(
            self,
            "WebAcl",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visible(names.PROJECT),
            rules=[
                waf.CfnWebACL.RuleProperty(
                    name="rate",
                    priority=0,
                    action=waf.CfnWebACL.RuleActionProperty(block={}),
                    statement=waf.CfnWebACL.StatementProperty(
                        rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                            limit=rate, aggregate_key_type="IP", evaluation_window_sec=300
                        )
                    ),
                    visibility_config=_visible("rate"),
                )
            ],
        )
        CfnOutput(self, "WebAclArn", description="The setting web_acl_arn", value=acl.attr_arn)


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True,
        metric_name=name,
        sampled_requests_enabled=False,  # samples would hold what people send in headers
    )
