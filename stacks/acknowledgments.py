"""What cdk-nag (AwsSolutions) finds in the stack that is meant to be so, each finding with its reason.

The tests run cdk-nag; these notes are the CDK's own and stand beside the constructs, so nothing else needs cdk-nag.
"""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Stack, Token, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

_RUNTIME = "Runs the CDK's own code, on the runtime that the pinned CDK release chose for it."
_READS_ASSETS = "The CDK's deployment function reads the page from the bootstrap bucket, which holds only builds."
_WRITES_PAGE = (
    "The CDK's deployment function writes and prunes the page in the site's bucket, which holds nothing else."
)


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings of a construct and what it contains: full rule ids and why each is right."""
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=why) for rule, why in reasons.items()))


def acknowledge_bucket_deployment(role: iam.IRole, bucket: s3.Bucket) -> None:
    """Acknowledge what a BucketDeployment's function, which is the CDK's own, is and may do to the bucket."""
    stack = Stack.of(bucket)
    site = stack.get_logical_id(bucket.node.default_child)  # type: ignore[arg-type]  # a Bucket's is a CfnBucket
    function = role.node.scope
    if function is None:
        raise ValueError("the role of a BucketDeployment's function is a child of that function")
    # In the rule's name, as in the policy: a known region makes both the bucket's and its partition known.
    known = not Token.is_unresolved(stack.region)
    partition, region = ("aws", stack.region) if known else ("<AWS::Partition>", "<AWS::Region>")
    assets = f"arn:{partition}:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-{region}/*"
    acknowledge(
        function,
        {
            "AwsSolutions-L1": _RUNTIME,
            f"AwsSolutions-IAM5[Resource::{assets}]": _READS_ASSETS,
            "AwsSolutions-IAM5[Action::s3:GetBucket*]": _READS_ASSETS,
            "AwsSolutions-IAM5[Action::s3:GetObject*]": _READS_ASSETS,
            "AwsSolutions-IAM5[Action::s3:List*]": _READS_ASSETS,
            f"AwsSolutions-IAM5[Resource::<{site}.Arn>/*]": _WRITES_PAGE,
            "AwsSolutions-IAM5[Action::s3:Abort*]": _WRITES_PAGE,
            "AwsSolutions-IAM5[Action::s3:DeleteObject*]": _WRITES_PAGE,
        },
    )
