"""The command line of `python -m tools.doctor`."""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3

from tools.doctor.account import (
    check_bootstrap,
    check_credentials,
    check_parameter,
    check_quota,
    check_region,
    check_stack,
)
from tools.doctor.deployment import CDK_JSON, deployed, planned
from tools.doctor.findings import Finding, State
from tools.doctor.http import address_fault
from tools.doctor.model import check_model
from tools.doctor.site import QUESTION, TOKEN_VARIABLE, check_chat, check_page

_EPILOG = f"""\
examples:
  python -m tools.doctor  the account of the current credentials, and what is deployed
  python -m tools.doctor --url http://localhost:8000 --no-aws  what `make chat` serves

With sign-in, the chat is checked with the token in {TOKEN_VARIABLE}: an API key, or an access token.
AWS_ENDPOINT_URL, AWS_PROFILE and AWS_REGION hold, as for every AWS tool. The exit status is 1 if a check failed.
"""


def main(arguments: Sequence[str]) -> int:
    """Check, print each finding as it is made, and return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.no_aws and not options.url:
        parser.error("--no-aws checks the page at --url: say which")
    if options.url and (fault := address_fault(options.url)):
        parser.error(f"--url: {fault}")
    bad = 0
    for finding in _findings(options):
        print(finding, flush=True)
        bad += finding.state is State.FAILED
    print(f"\n{bad} failed" if bad else "\nNothing failed")
    return int(bad > 0)


def _findings(options: argparse.Namespace) -> Iterator[Finding]:
    url = options.url
    if not options.no_aws:
        # AWS_REGION is what the CDK and the AWS CLI go by; boto3 alone does not.
        session = boto3.Session(region_name=options.region or os.environ.get("AWS_REGION"))
        account = [check_credentials(session), check_region(session, os.environ)]
        yield from account
        if not any(finding.state is State.FAILED for finding in account):
            deployment = deployed(planned(options.stage, options.cdk_json), session)
            yield check_bootstrap(session)
            yield check_quota(session, deployment)
            key = None
            if deployment.kind != "bedrock":
                finding, key = check_parameter(session, deployment)
                yield finding
            yield check_model(deployment, key)
            yield check_stack(deployment)
            url = url or deployment.outputs.get("PageUrl")
    if url:
        url = f"{url.rstrip('/')}/"
        finding, config = check_page(url)
        yield finding
        yield check_chat(url, config, os.environ.get(TOKEN_VARIABLE), options.question)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.doctor",
        description="Check an account and a deployment, and say what to do about what is wrong. Changes nothing.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stage", help="the deployment's stage (default: cdk.json's)")
    parser.add_argument("--cdk-json", type=Path, default=CDK_JSON, metavar="FILE", help="the settings (default: ours)")
    parser.add_argument("--region", help="the deployment's region (default: the configured one)")
    parser.add_argument("--url", help="where the page is (default: from the stack's outputs)")
    parser.add_argument("--question", default=QUESTION, help="what to ask the model (default: %(default)s)")
    parser.add_argument("--no-aws", action="store_true", help="check only the page and a chat, at --url")
    return parser
