"""What the CDK alone does not do. When one of these fails, it does: delete what the test names from stacks/cdk_gaps."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment

from stacks.settings import cdk_json_context
from tests.support.template import Template

Build = Callable[[Stack], object]


@pytest.fixture
def alone(tmp_path: Path) -> Callable[[Build], Template]:
    """The template of what the CDK makes without us."""

    def synthesized(build: Build) -> Template:
        app = App(context=cdk_json_context(), outdir=str(tmp_path))
        build(Stack(app, "Alone"))
        return Template(Path(app.synth().get_stack_by_name("Alone").template_full_path))

    return synthesized


def bucket(stack: Stack) -> s3.Bucket:
    return s3.Bucket(stack, "Bucket", removal_policy=RemovalPolicy.DESTROY, auto_delete_objects=True)


def test_emptying_logs_to(alone: Callable[[Build], Template]) -> None:
    template = alone(bucket)

    assert "LoggingConfig" not in template.one("AWS::Lambda::Function")
    assert "AWSLambdaBasicExecutionRole" in str(template.one("AWS::IAM::Role"))


def test_deployment_only_writes_logs(alone: Callable[[Build], Template]) -> None:
    def build(stack: Stack) -> None:
        source = s3_deployment.Source.data("page", "text")
        log_group = logs.LogGroup(stack, "Logs")
        s3_deployment.BucketDeployment(
            stack, "Page", destination_bucket=s3.Bucket(stack, "Bucket"), sources=[source], log_group=log_group
        )

    assert "AWSLambdaBasicExecutionRole" in str(alone(build).one("AWS::IAM::Role"))


def test_permit_to_call(alone: Callable[[Build], Template]) -> None:
    def build(stack: Stack) -> None:
        function = lambda_.Function(
            stack,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline("handler = print"),
        )
        alias = lambda_.Alias(stack, "Live", alias_name="live", version=function.current_version)
        url = alias.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
        origin = origins.FunctionUrlOrigin.with_origin_access_control(url)
        cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))

    permissions = alone(build).all("AWS::Lambda::Permission").values()

    assert [permission["FunctionName"]["Fn::GetAtt"][1] for permission in permissions] == ["FunctionArn"] * 2


def test_allow_refreshing_only(alone: Callable[[Build], Template]) -> None:
    def build(stack: Stack) -> None:
        cognito.UserPool(stack, "People").add_client("Page", auth_flows=cognito.AuthFlow())

    assert "ExplicitAuthFlows" not in alone(build).one("AWS::Cognito::UserPoolClient")
