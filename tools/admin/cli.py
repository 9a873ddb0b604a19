"""The command line of `python -m tools.admin`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from contracts import names
from tools.admin import commands
from tools.admin.deployment import Deployment
from tools.admin.errors import AdminError

_EXAMPLES = """\
examples:
  python -m tools.admin people invite someone@example.com
  python -m tools.admin people erase someone@example.com
  python -m tools.admin keys create --owner reports --days 30
  python -m tools.admin keys list
  python -m tools.admin keys revoke 0123456789ab

An API key is the bearer token of a program: give it to an OpenAI client as its api_key, and the Function URL of a
deployment with `exposure: direct` and `api_keys: true` followed by /v1 as its base_url.
"""

_Run = Callable[[argparse.Namespace, Deployment], None]


def main(arguments: Sequence[str]) -> int:
    """Run a command.

    Returns:
        The exit status.
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(options, Deployment(names.stack_name(options.stage), _session(options.region)))
    except AdminError as error:
        print(error, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS says: {error}", file=sys.stderr)
        return 1
    return 0


def _session(region: str | None) -> boto3.Session:
    # AWS_REGION is what the CDK and the AWS CLI go by, and first; boto3 alone knows AWS_DEFAULT_REGION and the profile.
    session = boto3.Session(region_name=region or os.environ.get("AWS_REGION") or None)
    if session.region_name is None:
        raise AdminError(
            "No region is configured: export AWS_REGION=eu-central-1 (or whichever it is), or use --region."
        )
    return session


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.admin",
        description="Invite people to a deployment, mint and revoke its API keys. Needs AWS credentials.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stage", default="prod", help="the deployment's stage (default: prod)")
    parser.add_argument("--region", help="the deployment's region (default: the configured one)")
    subjects = parser.add_subparsers(required=True, metavar="keys|people")

    keys = subjects.add_parser("keys", help="API keys of programs")
    keys.add_argument("--table", help="the table's name (default: from the stack's outputs)")
    of_keys = keys.add_subparsers(required=True, metavar="create|list|revoke")
    create = _command(of_keys, "create", commands.create_key, "mint a key and print it, once")
    create.add_argument("--owner", required=True, type=_label, help="who uses it; limits count per owner")
    create.add_argument("--days", type=_days, default=90, help="how long it works, 1 to 3650 days (default: 90)")
    _command(of_keys, "list", commands.list_keys, "all keys: id, owner, dates; never the keys themselves")
    revoke = _command(of_keys, "revoke", commands.revoke_key, "end a key at once")
    revoke.add_argument("id", help="as `keys list` shows it")

    people = subjects.add_parser("people", help="people who sign in with Cognito")
    people.add_argument("--user-pool", help="the user pool's id (default: from the stack's outputs)")
    of_people = people.add_subparsers(required=True, metavar="invite|resend|list|remove|erase")
    _command(of_people, "list", commands.list_people, "everybody invited")
    for name, run, meaning in (
        ("invite", commands.invite, "let somebody in; Cognito sends them an e-mail, and this prints what to send them"),
        ("resend", commands.resend, "send an invitation again, with a new temporary password"),
        ("remove", commands.remove, "let somebody in no longer"),
        ("erase", commands.erase, "erase somebody's usage and API keys, and say what that was"),
    ):
        _command(of_people, name, run, meaning).add_argument("email")
    return parser


def _command(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: _Run, meaning: str
) -> argparse.ArgumentParser:
    command = subparsers.add_parser(name, help=meaning, description=meaning[0].upper() + meaning[1:] + ".")
    command.set_defaults(run=run)
    return command


def _label(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise argparse.ArgumentTypeError("must be some text")
    return value.strip()


def _days(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 3650:  # noqa: PLR2004  # the message says it
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 3650")
    return int(value)
