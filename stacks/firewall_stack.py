"""A web ACL that slows down floods, in us-east-1, where CloudFront looks for it."""

from typing import Any

from aws_cdk import Environment, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from contracts import names
from stacks.naming import tag
from stacks.settings import Settings

_REGION = "us-east-1"


class FirewallStack(Stack):
    """A web ACL with one rule: so many requests in five minutes from one address, and no more.

    Attributes:
        web_acl_arn: For a distribution, whose stack may be in any region that it names.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        rate: int,
        **stack_props: Any,  # noqa: ANN401  # as `Stack` takes them
    ) -> None:
        """Make the stack: `rate` requests in five minutes; `stack_props` are what any stack takes, but for `env`."""
        usual: dict[str, Any] = {
            "description": "A rate limit for the chat's distribution",
            "termination_protection": settings.termination_protection,
        }
        super().__init__(scope, construct_id, **(usual | stack_props), env=Environment(region=_REGION))
        tag(self, settings)
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
        self.web_acl_arn = acl.attr_arn


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True,
        metric_name=name,
        sampled_requests_enabled=False,  # samples would hold what people send in headers
    )
