"""Checks an AWS account: is it ready for a deployment?"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from tools.doctor.deployment import Deployment
from tools.doctor.findings import Finding, failed, good, skipped, warning

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = 6  # what the CDK's assets ask for
_FEW = 50  # answers at the same time
_ALWAYS_UNRESERVED = 100  # what Lambda leaves to all functions together; an account with less can reserve nothing

_MORE = (
    "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
    "--desired-value 1000"
)

# https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html, November 2026. No API tells.
_WITHOUT_FUNCTION_URLS = frozenset(
    {"ap-east-2", "ap-south-2", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"}
    | {"ca-west-1", "eu-central-2", "eu-south-2", "il-central-1", "me-central-1"}
)


def check_credentials(session: boto3.Session) -> Finding:
    """Who we are. Everything else about the account needs this."""
    subject = "credentials"
    try:
        identity = session.client("sts", region_name=session.region_name or "us-east-1").get_caller_identity()
    except NoCredentialsError:
        return failed(subject, "none found", "aws configure sso   (or set AWS_PROFILE)")
    except (BotoCoreError, ClientError) as error:
        return failed(subject, _reason(error), "Log in again: aws sso login   (or see AWS_PROFILE)")
    return good(subject, identity["Arn"])


def check_region(session: boto3.Session, environment: Mapping[str, str]) -> Finding:
    """Where to, and whether every tool takes it for the same.

    Args:
        session: With the region that is checked.
        environment: Usually `os.environ`.
    """
    subject = "region"
    region: str | None = session.region_name  # None in spite of its declared type
    if not region:
        return failed(subject, "none is configured", "export AWS_REGION=eu-central-1   (or whichever you want)")
    if region in _WITHOUT_FUNCTION_URLS:
        return warning(
            subject,
            f"{region} had no Function URLs, by AWS's documentation of November 2026",
            "Without them the deployment fails. Choose another, or see whether that has changed: "
            "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
        )
    others = {name: environment[name] for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if environment.get(name)}
    if set(others.values()) - {region}:
        told = ", ".join(f"{name}={value}" for name, value in others.items())
        advice = "The CDK and the AWS CLI go by AWS_REGION. Set both to the same, or unset one."
        return warning(subject, f"{region} is checked, but {told}", advice)
    return good(subject, region)


def check_bootstrap(session: boto3.Session) -> Finding:
    """Whether `cdk bootstrap` was run here."""
    subject = "CDK bootstrap"
    try:
        version = session.client("ssm").get_parameter(Name=_BOOTSTRAP_PARAMETER)["Parameter"]["Value"]
    except (BotoCoreError, ClientError) as error:
        if _code(error) == "ParameterNotFound":
            return failed(subject, f"{session.region_name} is not bootstrapped in this account", "make bootstrap")
        advice = f"Let these credentials read {_BOOTSTRAP_PARAMETER}, or run: make bootstrap"
        return failed(subject, _reason(error), advice)
    if int(version) < _BOOTSTRAP_VERSION:
        return failed(subject, f"version {version} is older than {_BOOTSTRAP_VERSION}", "make bootstrap")
    return good(subject, f"version {version}")


def check_quota(session: boto3.Session, deployment: Deployment) -> Finding:
    """How many answers there can be at the same time, and whether `reserved_concurrency` can be had."""
    subject = "Lambda's quota"
    client = session.client("lambda")
    try:
        limit = client.get_account_settings()["AccountLimit"]
        has = _reserved_now(client, deployment)
    except (BotoCoreError, ClientError) as error:
        advice = "It needs lambda:GetAccountSettings and lambda:GetFunctionConcurrency."
        return skipped(subject, _reason(error), advice)
    free = limit["UnreservedConcurrentExecutions"] + has
    wanted = deployment.reserved_concurrency or 0
    left = min(_ALWAYS_UNRESERVED, limit["ConcurrentExecutions"])
    if wanted > free - left:
        detail = f"reserved_concurrency is {wanted}, and {max(0, free - left)} of {free} can be reserved"
        return failed(subject, detail, f"Set reserved_concurrency to null, or ask for more: {_MORE}")
    answers = wanted or free
    detail = f"{answers} answers at the same time"
    if answers < _FEW and not wanted:
        return warning(subject, detail, f"New accounts have few. More, at no cost: {_MORE}")
    return good(subject, detail)


def _reserved_now(client: "LambdaClient", deployment: Deployment) -> int:
    """What this deployment's function has reserved already, which a new deployment gives back."""
    if "FunctionName" not in deployment.outputs:
        return 0
    answer = client.get_function_concurrency(FunctionName=deployment.outputs["FunctionName"])
    return answer.get("ReservedConcurrentExecutions", 0)


def check_parameter(session: boto3.Session, deployment: Deployment) -> tuple[Finding, str | None]:
    """Whether the model's key is there and can be decrypted; returns it for the check of the model."""
    subject = f"parameter {deployment.parameter}"
    set_it = deployment.put_parameter
    try:
        parameter = session.client("ssm").get_parameter(Name=deployment.parameter, WithDecryption=True)["Parameter"]
    except (BotoCoreError, ClientError) as error:
        if _code(error) == "ParameterNotFound":
            return failed(subject, "is not set", set_it), None
        advice = "These credentials must be allowed ssm:GetParameter on it, and kms:Decrypt on its key."
        return failed(subject, _reason(error), advice), None
    key = parameter["Value"].strip()
    if not key:
        return failed(subject, "is empty", set_it), None
    if parameter["Type"] != "SecureString":
        return warning(subject, f"is a {parameter['Type']}: not encrypted", set_it), key
    return good(subject, "is set and can be decrypted"), key


def check_stack(deployment: Deployment) -> Finding:
    """Whether there is a deployment."""
    if not deployment.outputs:
        return skipped(f"stack {deployment.stack}", "is not deployed, or cannot be seen", "make deploy")
    return good(f"stack {deployment.stack}", "is deployed")


def _code(error: BotoCoreError | ClientError) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def _reason(error: BotoCoreError | ClientError) -> str:
    # The code only: a message may quote what it is about.
    return "no region" if isinstance(error, NoRegionError) else f"AWS says {_code(error)}"
