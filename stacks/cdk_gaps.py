"""What the CDK does not do by itself, done to what it has made.

tests/infrastructure/test_cdk_gaps.py shows each gap on the CDK alone: when one of its tests fails, the CDK has closed
that gap, and the function here that is named in it can go.
"""

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import IConstruct

_EMPTYING = "Custom::S3AutoDeleteObjectsCustomResourceProvider"


def emptying_logs_to(log_group: logs.LogGroup) -> None:
    """Let the CDK's function that empties buckets log there; it would make a log group that outlives the stack."""
    provider = Stack.of(log_group).node.find_child(_EMPTYING)
    handler, role = _resource(provider, "Handler"), _resource(provider, "Role")
    handler.add_property_override("LoggingConfig.LogGroup", log_group.log_group_name)
    role.add_property_override("ManagedPolicyArns", [])
    role.add_property_override("Policies", [{"PolicyName": "Logs", "PolicyDocument": _writing(log_group)}])


def deployment_only_writes_logs(role: iam.IRole, log_group: logs.LogGroup) -> None:
    """Take from a BucketDeployment's role that it may make log groups: a late line would bring a deleted one back."""
    resource = role.node.default_child
    if not isinstance(resource, iam.CfnRole):
        raise TypeError(f"{role.node.path} is no longer a role that the CDK makes")
    resource.managed_policy_arns = []
    log_group.grant_write(role)


def permit_to_call(distribution: cloudfront.Distribution, called: lambda_.Function | lambda_.Alias) -> None:
    """Name the function in the distribution's permissions to call it.

    The CDK permits the distribution to call what the Function URL, once deployed, says is behind it. What is named in
    the template itself can be reviewed, and an alias is not taken for its function.
    """
    for construct in distribution.node.find_all():
        if isinstance(construct, lambda_.CfnPermission):
            construct.function_name = called.function_arn


def allow_refreshing_only(client: cognito.UserPoolClient) -> None:
    """Say that no way to sign in is open but the sign-in page; unsaid, Cognito takes passwords from anyone."""
    resource = client.node.default_child
    if not isinstance(resource, cognito.CfnUserPoolClient):
        raise TypeError("a UserPoolClient's default child is a CfnUserPoolClient")
    resource.explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]


def _resource(provider: IConstruct, name: str) -> CfnResource:
    found = provider.node.find_child(name)
    if not isinstance(found, CfnResource):
        raise TypeError(f"{found.node.path} is no longer a plain CloudFormation resource")
    return found


def _writing(log_group: logs.LogGroup) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": log_group.log_group_arn,
            }
        ],
    }
