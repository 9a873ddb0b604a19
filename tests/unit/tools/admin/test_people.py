"""The commands about people, against a deployed stack."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from chat.auth.api_key_form import item_key
from chat.auth.subject import subject_hash
from tests.support.aws import REGION
from tools.admin.cli import main
from tools.admin.errors import AdminError
from tools.admin.people import People, Person


@pytest.mark.usefixtures("table")
def test_people_are_invited_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "invite", "someone@example.com"]) == 0
    told = capsys.readouterr()
    assert "https://chat.example.com/" in told.out  # to be sent to them
    assert "works for 14 days" in told.out
    assert "someone@example.com is invited" in told.err

    assert main(["people", "invite", "someone@example.com"]) == 1
    assert "invited already" in capsys.readouterr().err

    assert main(["people", "list"]) == 0
    today = datetime.now(UTC).date().isoformat()
    assert f"someone@example.com  invited  {today}" in capsys.readouterr().out

    assert main(["people", "remove", "someone@example.com"]) == 0
    assert main(["people", "remove", "someone@example.com"]) == 1


@pytest.mark.usefixtures("table")
def test_an_invitation_is_sent_again_to_who_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "resend", "late@example.com"]) == 1
    assert "has not been invited" in capsys.readouterr().err

    main(["people", "invite", "late@example.com"])
    capsys.readouterr()
    assert main(["people", "resend", "late@example.com"]) == 0
    assert "https://chat.example.com/" in capsys.readouterr().out


def stubbed(answers: Callable[[Stubber], None]) -> boto3.Session:
    """A session whose user pool answers as Cognito does where moto does not."""
    client = boto3.client("cognito-idp", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    stubber = Stubber(client)
    answers(stubber)
    stubber.activate()

    class Session(boto3.Session):
        def client(self, *_: object, **__: object) -> Any:  # noqa: ANN401  # as boto3 has it
            return client

    return Session()


def test_somebody_who_has_signed_in_gets_no_invitation() -> None:
    session = stubbed(lambda pool: pool.add_client_error("admin_create_user", "UnsupportedUserStateException"))

    with pytest.raises(AdminError, match="signed in already"):
        People("pool", session).resend("someone@example.com")


def test_an_address_that_cognito_does_not_take_is_explained() -> None:
    def refuse(pool: Stubber) -> None:
        pool.add_client_error("admin_create_user", "UserLambdaValidationException", "This domain is not allowed.")

    with pytest.raises(AdminError, match=r"someone@example\.com: This domain is not allowed\."):
        People("pool", stubbed(refuse)).invite("someone@example.com")


@pytest.mark.parametrize(
    ("cognito_s", "age", "status"),
    [
        ("FORCE_CHANGE_PASSWORD", timedelta(days=6), "invited"),
        ("FORCE_CHANGE_PASSWORD", timedelta(days=8), "invitation expired"),
        ("CONFIRMED", timedelta(days=800), "signed in"),
        ("RESET_REQUIRED", timedelta(days=1), "RESET_REQUIRED"),
    ],
)
def test_the_list_says_whose_invitation_has_expired(cognito_s: str, age: timedelta, status: str) -> None:
    since = datetime.now(UTC) - age
    policy = {"PasswordPolicy": {"TemporaryPasswordValidityDays": 7}}
    user = {
        "Username": "0a1b",
        "UserStatus": cognito_s,
        "UserLastModifiedDate": since,
        "Attributes": [{"Name": "email", "Value": "someone@example.com"}],
    }

    def answer(pool: Stubber) -> None:
        pool.add_response("describe_user_pool", {"UserPool": {"Policies": policy}})
        pool.add_response("list_users", {"Users": [user]})

    assert list(People("pool", stubbed(answer)).all()) == [Person("someone@example.com", status, since)]


def count(table: str, subject: str, *, day: str = "2027-01-15") -> None:
    client = boto3.client("dynamodb", region_name=REGION)
    client.put_item(TableName=table, Item={"pk": {"S": f"day#{day}#{subject}"}, "used_tokens": {"N": "1"}})
    client.close()


def keys_in(table: str) -> set[str]:
    client = boto3.client("dynamodb", region_name=REGION)
    found = {item["pk"]["S"] for item in client.scan(TableName=table)["Items"]}
    client.close()
    return found


def test_somebody_is_erased_and_nobody_else(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    client = boto3.client("cloudformation", region_name=REGION)
    stack = client.describe_stacks(StackName="lambda-stream-chat-prod")["Stacks"][0]
    client.close()
    pool = next(output["OutputValue"] for output in stack["Outputs"] if output["OutputKey"] == "UserPoolId")
    for email in ("gone@example.com", "stays@example.com"):
        main(["people", "invite", email])
        main(["keys", "create", "--owner", email])
    keys = capsys.readouterr().out
    [gone_key, _] = [line for line in keys.splitlines() if line.startswith("lsc_")]
    cognito = boto3.client("cognito-idp", region_name=REGION)
    user = cognito.admin_get_user(UserPoolId=pool, Username="gone@example.com")
    cognito.close()
    [sub] = [entry["Value"] for entry in user["UserAttributes"] if entry["Name"] == "sub"]
    salt = stack["StackId"].split("/")[2]  # as the template's `Fn::Select` of `Fn::Split` has it
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{pool}"
    mine = [subject_hash(salt, issuer, sub), subject_hash(salt, "api-keys", "gone@example.com")]
    others = [subject_hash(salt, "api-keys", "stays@example.com"), "total"]
    for subject in (*mine, *others):
        count(table, subject)
    count(table, mine[0], day="2027-01-14")
    before = keys_in(table)

    assert main(["people", "erase", "gone@example.com"]) == 0

    told = capsys.readouterr().out
    erased = before - keys_in(table)
    assert erased == {
        f"day#2027-01-15#{mine[0]}",
        f"day#2027-01-14#{mine[0]}",
        f"day#2027-01-15#{mine[1]}",
        item_key(gone_key),
    }
    assert "days with usage: 2027-01-14, 2027-01-15" in told
    assert f"API keys: {item_key(gone_key).removeprefix('key#')[:12]}" in told
    assert "can still sign in" in told

    main(["people", "remove", "gone@example.com"])
    capsys.readouterr()
    assert main(["people", "erase", "gone@example.com"]) == 0
    told = capsys.readouterr().out
    assert "days with usage: none" in told
    assert "not among the people invited" in told
