"""The commands about API keys, against a deployed stack."""

import pytest

from chat.auth.api_keys import ApiKeys
from chat.auth.errors import InvalidTokenError
from chat.aws.dynamodb import DynamoTable
from tools.admin.cli import main


def test_a_minted_key_is_one_that_the_function_accepts_until_it_is_revoked(
    table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = ApiKeys(DynamoTable(table))

    assert main(["keys", "create", "--owner", "reports", "--days", "30"]) == 0
    key = capsys.readouterr().out.strip()
    assert keys.owner(key) == "reports"

    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    [line] = [line for line in listed.splitlines() if "reports" in line and "never" not in line]  # it has been used
    key_id = line.split()[0]
    assert key not in listed

    assert main(["keys", "revoke", key_id]) == 0
    with pytest.raises(InvalidTokenError):
        keys.owner(key)
    assert main(["keys", "revoke", key_id]) == 1


def test_keys_are_different_and_long(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    minted = set()
    for _ in range(3):
        assert main(["keys", "--table", table, "create", "--owner", "reports"]) == 0
        minted.add(capsys.readouterr().out.strip())

    assert len(minted) == 3
    assert {len(key) for key in minted} == {4 + 43}  # 256 bits
