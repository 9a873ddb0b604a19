"""The command line of `python -m tools.admin`."""

import argparse
import sys
import textwrap
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from contracts import names
from tools.admin.deployment import output
from tools.admin.errors import AdminError
from tools.admin.keys import KeyTable
from tools.admin.people import People

_EXAMPLES = """\
examples:
  python -m tools.admin people invite someone@example.com
  python -m tools.admin keys create --owner reports --days 30
  python -m tools.admin keys list
  python -m tools.admin keys revoke 0123456789ab

An API key is the bearer token of a program: give it to an OpenAI client as its api_key, and the Function URL of a
deployment with `exposure: direct` and `api_keys: true` followed by /v1 as its base_url.
"""


def main(arguments: Sequence[str]) -> int:
    """Run a command.

    Returns:
        The exit status.
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except AdminError as error:
        print(error, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS says: {error}", file=sys.stderr)
        return 1
    return 0


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
    commands = keys.add_subparsers(required=True, metavar="create|list|revoke")
    create = _command(commands, "create", _create_key, "mint a key and print it, once")
    create.add_argument("--owner", required=True, type=_label, help="who uses it; limits count per owner")
    create.add_argument("--days", type=_days, default=90, help="how long it works, 1 to 3650 days (default: 90)")
    _command(commands, "list", _list_keys, "all keys: id, owner, dates; never the keys themselves")
    revoke = _command(commands, "revoke", _revoke_key, "end a key at once")
    revoke.add_argument("id", help="as `keys list` shows it")

    people = subjects.add_parser("people", help="people who sign in with Cognito")
    people.add_argument("--user-pool", help="the user pool's id (default: from the stack's outputs)")
    commands = people.add_subparsers(required=True, metavar="invite|list|remove")
    invite = _command(commands, "invite", _invite, "let somebody in; Cognito sends them an e-mail")
    invite.add_argument("email")
    _command(commands, "list", _list_people, "everybody invited")
    remove = _command(commands, "remove", _remove, "let somebody in no longer")
    remove.add_argument("email")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    meaning: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=meaning, description=meaning[0].upper() + meaning[1:] + ".")
    command.set_defaults(run=run)
    return command


def _create_key(options: argparse.Namespace) -> None:
    key = _keys(options).create(options.owner, options.days)
    note = f"This is {options.owner}'s key for {options.days} days. It is shown once and stored nowhere."
    print(textwrap.fill(note, 100), file=sys.stderr)
    print(key)  # alone on stdout, so that it can be piped to where it is needed


def _list_keys(options: argparse.Namespace) -> None:
    keys = sorted(_keys(options).all(), key=lambda key: key.valid_until)
    rows = [(key.key_id, _day(key.created), _day(key.valid_until), _day(key.last_used), key.owner) for key in keys]
    _print_table(("id", "created", "valid until", "last used", "owner"), rows)


def _revoke_key(options: argparse.Namespace) -> None:
    key = _keys(options).revoke(options.id)
    print(f"{key.owner}'s key {key.key_id} is revoked.")


def _invite(options: argparse.Namespace) -> None:
    _people(options).invite(options.email)
    print(f"{options.email} is invited and gets an e-mail with a temporary password.")


def _list_people(options: argparse.Namespace) -> None:
    people = sorted(_people(options).all(), key=lambda person: person.email)
    _print_table(("e-mail", "status"), [(person.email, person.status) for person in people])


def _remove(options: argparse.Namespace) -> None:
    _people(options).remove(options.email)
    print(f"{options.email} is removed. A sign-in that they have now works for another hour at most.")


def _keys(options: argparse.Namespace) -> KeyTable:
    return KeyTable(options.table or output(_stack(options), "TableName", options.region), options.region)


def _people(options: argparse.Namespace) -> People:
    return People(options.user_pool or output(_stack(options), "UserPoolId", options.region), options.region)


def _stack(options: argparse.Namespace) -> str:
    return names.stack_name(options.stage)


def _label(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise argparse.ArgumentTypeError("must be some text")
    return value.strip()


def _days(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 3650:  # noqa: PLR2004  # the message says it
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 3650")
    return int(value)


def _day(timestamp: int | None) -> str:
    return "never" if timestamp is None else datetime.fromtimestamp(timestamp, UTC).date().isoformat()


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
