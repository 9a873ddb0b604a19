"""Which deployment a command is about, and what it says where there is none."""

import pytest

from tests.support.aws import REGION
from tools.admin.cli import main


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_either_variable_is_the_region(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv(variable, REGION)

    assert main(["keys", "list"]) == 0


def test_without_a_region_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_REGION")

    assert main(["keys", "list"]) == 1
    assert "export AWS_REGION=" in capsys.readouterr().err


def test_a_stack_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stage", "nowhere", "keys", "list"]) == 1

    assert "lambda-stream-chat-nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--owner", " "], "must be some text"),
        (["--owner", "x", "--days", "0"], "from 1 to 3650"),
        (["--owner", "x", "--days", "3651"], "from 1 to 3650"),
        ([], "--owner"),
    ],
)
def test_wrong_arguments_are_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["keys", "create", *arguments])

    assert left.value.code == 2
    assert message in capsys.readouterr().err
