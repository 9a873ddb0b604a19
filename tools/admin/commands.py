"""What each command does, and what it says."""

import argparse
import sys
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime

from chat.auth.subject import API_KEYS, subject_hash
from tools.admin.deployment import Deployment
from tools.admin.errors import AdminError
from tools.admin.keys import KeyTable
from tools.admin.people import People
from tools.admin.usage import erase_usage


def create_key(options: argparse.Namespace, deployment: Deployment) -> None:
    """Mint a key; it is alone on stdout, so that it can be piped to where it is needed."""
    key = _keys(options, deployment).create(options.owner, options.days)
    _say(f"This is {options.owner}'s key for {options.days} days. It is shown once and stored nowhere.")
    print(key)


def list_keys(options: argparse.Namespace, deployment: Deployment) -> None:
    """Print all keys."""
    keys = sorted(_keys(options, deployment).all(), key=lambda key: key.valid_until)
    rows = [(key.key_id, _day(key.created), _day(key.valid_until), _day(key.last_used), key.owner) for key in keys]
    _print_table(("id", "created", "valid until", "last used", "owner"), rows)


def revoke_key(options: argparse.Namespace, deployment: Deployment) -> None:
    """Revoke a key."""
    key = _keys(options, deployment).revoke(options.id)
    print(f"{key.owner}'s key {key.key_id} is revoked.")


def invite(options: argparse.Namespace, deployment: Deployment) -> None:
    """Invite somebody, and print what to send them."""
    people = _people(options, deployment)
    page = deployment.output("PageUrl")
    people.invite(options.email)
    _print_invitation(options.email, page, people.invitation_days, "is invited")


def resend(options: argparse.Namespace, deployment: Deployment) -> None:
    """Send an invitation again."""
    people = _people(options, deployment)
    page = deployment.output("PageUrl")
    people.resend(options.email)
    _print_invitation(options.email, page, people.invitation_days, "is invited again")


def list_people(options: argparse.Namespace, deployment: Deployment) -> None:
    """Print everybody invited."""
    people = sorted(_people(options, deployment).all(), key=lambda person: person.email)
    rows = [(person.email, person.status, person.since.astimezone(UTC).date().isoformat()) for person in people]
    _print_table(("e-mail", "status", "since"), rows)


def remove(options: argparse.Namespace, deployment: Deployment) -> None:
    """Remove somebody."""
    _people(options, deployment).remove(options.email)
    print(f"{options.email} is removed. A sign-in that they have now works for another hour at most.")


def erase(options: argparse.Namespace, deployment: Deployment) -> None:
    """Erase what a deployment keeps about somebody, and print what that was."""
    email, salt = options.email, deployment.subject_salt
    people, keys = _people(options, deployment), _keys(options, deployment)
    subjects = [subject_hash(salt, API_KEYS, email)]
    try:
        subjects.append(subject_hash(salt, people.issuer, people.subject(email)))
        note = f"{email} can still sign in: `people remove {email}` ends that."
    except AdminError:
        note = f"{email} is not among the people invited; what somebody used who has been removed goes within two days."
    days = erase_usage(deployment.output("TableName"), subjects, deployment.session)
    revoked = keys.revoke_all(email)
    print(f"Erased of {email}:")
    print(f"  days with usage: {', '.join(days) or 'none'}")
    print(f"  API keys: {', '.join(key.key_id for key in revoked) or 'none'}")
    print("Conversations are kept in browsers only, and the logs name nobody.")
    print(note)


def _keys(options: argparse.Namespace, deployment: Deployment) -> KeyTable:
    return KeyTable(getattr(options, "table", None) or deployment.output("TableName"), deployment.session)


def _people(options: argparse.Namespace, deployment: Deployment) -> People:
    return People(options.user_pool or deployment.output("UserPoolId"), deployment.session)


def _print_invitation(email: str, page: str, days: int, state: str) -> None:
    _say(f"{email} {state}: Cognito sends an e-mail with a temporary password that works for {days} days. Send them:")
    print(f"You are invited to a chat: {page}")
    print("An e-mail brings you a temporary password. Sign in with your e-mail address and that password;")
    print(f"the page asks you to choose one of your own. It works for {days} days. Look into the spam folder as well.")


def _say(text: str) -> None:
    print(textwrap.fill(text, 100), file=sys.stderr)


def _day(timestamp: int | None) -> str:
    return "never" if timestamp is None else datetime.fromtimestamp(timestamp, UTC).date().isoformat()


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
