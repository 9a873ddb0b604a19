import json

import pytest

from local.console import Console

REQUEST = {
    "level": "INFO",
    "location": "write:1",
    "message": "request",
    "timestamp": "…",
    "service": "chat",
    "status": 200,
}
METRICS = {"_aws": {"Timestamp": 1}, "Requests": [1]}


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (json.dumps(REQUEST), "[3] INFO request status=200\n"),
        (json.dumps(METRICS), ""),
        ("Traceback (most recent call last):", "[3] Traceback (most recent call last):\n"),
        ("{not json", "[3] {not json\n"),
        ('{"a": 1}', '[3] {"a": 1}\n'),
        ("[1]", "[3] [1]\n"),
        ("", ""),
    ],
)
def test_a_line_is_made_readable(line: str, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    Console(verbose=False).log(3, line)

    assert capsys.readouterr().out == printed


@pytest.mark.parametrize("line", [json.dumps(REQUEST), json.dumps(METRICS)])
def test_verbose_leaves_it_as_it_is(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    Console(verbose=True).log(3, line)

    assert capsys.readouterr().out == f"[3] {line}\n"


def test_the_function_url_has_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    Console(verbose=False).log(0, "something")

    assert capsys.readouterr().out == "something\n"
