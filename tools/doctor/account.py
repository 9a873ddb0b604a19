"""Checks an AWS account: is it ready for a deployment?"""

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from tools.doctor.deployment import Deployment
from tools.doctor.findings import Finding, failed, good, skipped, warning

_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = 6  # what the CDK's assets ask for
_FEW = 50  # answers at the same time


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


def check_region(session: boto3.Session) -> Finding:
    """Where to."""
    region: str | None = session.region_name  # None in spite of its declared type
    if not region:
        return failed("region", "none is configured", "export AWS_REGION=eu-central-1   (or whichever you want)")
    return good("region", region)


def check_bootstrap(session: boto3.Session) -> Finding:
    """Whether `cdk bootstrap` was run here."""
    subject = "CDK bootstrap"
    run = f"npx cdk bootstrap aws://ACCOUNT/{session.region_name}"
    try:
        version = session.client("ssm").get_parameter(Name=_BOOTSTRAP_PARAMETER)["Parameter"]["Value"]
    except (BotoCoreError, ClientError) as error:
        if _code(error) == "ParameterNotFound":
            return failed(subject, "this account's region is not bootstrapped", run)
        return failed(subject, _reason(error), f"Let these credentials read {_BOOTSTRAP_PARAMETER}, or run: {run}")
    if int(version) < _BOOTSTRAP_VERSION:
        return failed(subject, f"version {version} is older than {_BOOTSTRAP_VERSION}", run)
    return good(subject, f"version {version}")


def check_quota(session: boto3.Session) -> Finding:
    """How many answers there can be at the same time."""
    subject = "Lambda's quota"
    try:
        limit = session.client("lambda").get_account_settings()["AccountLimit"]
    except (BotoCoreError, ClientError) as error:
        return skipped(subject, _reason(error), "It needs lambda:GetAccountSettings.")
    free = limit["UnreservedConcurrentExecutions"]
    detail = f"{free} answers at the same time"
    if free < _FEW:
        advice = (
            "New accounts have few. More, at no cost: aws service-quotas request-service-quota-increase "
            "--service-code lambda --quota-code L-B99A9384 --desired-value 1000"
        )
        return warning(subject, detail, advice)
    return good(subject, detail)


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
