"""What is counted of a request that went wrong."""

import json

import pytest

from chat.auth.errors import MissingTokenError
from chat.errors import (
    ApiError,
    DeadlineError,
    InternalError,
    InvalidRequestError,
    UnknownModelError,
    UpstreamError,
    UpstreamRefusedError,
)
from chat.limits.errors import DailyLimitError
from chat.record import RequestRecord


def counted(error: ApiError | None, capsys: pytest.CaptureFixture[str]) -> tuple[list[int], list[int]]:
    record = RequestRecord("id")
    if error is not None:
        record.error = error
    record.write()
    metrics = json.loads(capsys.readouterr().out.splitlines()[-1])
    return metrics["Errors"], metrics["Faults"]


def test_an_answer_is_neither_an_error_nor_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert counted(None, capsys) == ([0], [0])


@pytest.mark.parametrize(
    "error",
    [
        InternalError(),
        DeadlineError("too long"),
        UpstreamError("down"),
        UpstreamRefusedError("the deployment's key", status=401, code="upstream_key_refused"),
        UpstreamRefusedError("the deployment's quota", status=429, code="insufficient_quota"),
    ],
)
def test_what_the_deployment_or_its_upstream_did_wrong_is_a_fault(
    error: ApiError, capsys: pytest.CaptureFixture[str]
) -> None:
    assert counted(error, capsys) == ([1], [1])


def test_the_line_has_the_operators_reason_and_not_what_the_client_reads(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    record = RequestRecord("id")
    record.error = UpstreamError("Try again later.", reason="connection refused")

    record.write()

    (line,) = caplog.records
    assert vars(line)["reason"] == "connection refused"
    metrics = capsys.readouterr().out
    assert json.loads(metrics.splitlines()[-1])["reason"] == "connection refused"
    assert "Try again" not in metrics + str(vars(line))


@pytest.mark.parametrize(
    "error",
    [
        InvalidRequestError("not JSON"),
        UnknownModelError("not offered"),
        MissingTokenError(),
        DailyLimitError("come back tomorrow"),
        UpstreamRefusedError("the request", status=400),
    ],
)
def test_what_the_caller_did_wrong_is_an_error_and_no_fault(
    error: ApiError, capsys: pytest.CaptureFixture[str]
) -> None:
    assert counted(error, capsys) == ([1], [0])
