"""Lambda's quota, with what AWS answers for new accounts, old ones and functions that are deployed."""

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from botocore.stub import Stubber

from tools.doctor.account import check_quota
from tools.doctor.deployment import Deployment
from tools.doctor.findings import Finding, State

PLAN = Deployment("stack", "/parameter", None, "https://models.example/v1", ("small",))
DEPLOYED = {"FunctionName": "chat"}


class Session:
    """A session whose one client is stubbed with botocore's own model of Lambda."""

    region_name = "eu-central-1"

    def __init__(self) -> None:
        self.lambda_ = boto3.client("lambda", self.region_name, aws_access_key_id="a", aws_secret_access_key="b")
        self.stub = Stubber(self.lambda_)

    def client(self, _name: str) -> object:
        return self.lambda_


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session()
    with session.stub:
        yield session
        session.stub.assert_no_pending_responses()


def quota(session: Session, total: int, unreserved: int, plan: Deployment, has: int | None = None) -> Finding:
    limit = {"ConcurrentExecutions": total, "UnreservedConcurrentExecutions": unreserved}
    session.stub.add_response("get_account_settings", {"AccountLimit": limit})
    if plan.outputs:
        reserved = {} if has is None else {"ReservedConcurrentExecutions": has}
        session.stub.add_response("get_function_concurrency", reserved, {"FunctionName": "chat"})
    return check_quota(session, plan)  # type: ignore[arg-type]  # what of a session is used


def test_a_new_account_has_few_and_is_told_how_to_get_more(session: Session) -> None:
    found = quota(session, 10, 10, PLAN)

    assert (found.state, found.detail) == (State.WARNING, "10 answers at the same time")
    assert "request-service-quota-increase" in found.advice


def test_a_new_account_can_reserve_nothing(session: Session) -> None:
    found = quota(session, 10, 10, replace(PLAN, reserved_concurrency=5))

    assert found.state is State.FAILED
    assert found.detail == "reserved_concurrency is 5, and 0 of 10 can be reserved"
    assert "null" in found.advice


@pytest.mark.parametrize(("wanted", "state"), [(900, State.GOOD), (901, State.FAILED)])
def test_a_hundred_stay_unreserved(session: Session, wanted: int, state: State) -> None:
    assert quota(session, 1000, 1000, replace(PLAN, reserved_concurrency=wanted)).state is state


def test_what_the_function_has_already_counts_as_free(session: Session) -> None:
    plan = replace(PLAN, reserved_concurrency=20, outputs=DEPLOYED)

    found = quota(session, 120, 100, plan, has=20)

    assert (found.state, found.detail) == (State.GOOD, "20 answers at the same time")


def test_a_deployed_function_without_a_reservation(session: Session) -> None:
    assert quota(session, 1000, 1000, replace(PLAN, outputs=DEPLOYED)).state is State.GOOD


def test_who_may_not_ask_is_told_what_it_needs(session: Session) -> None:
    session.stub.add_client_error("get_account_settings", "AccessDeniedException")

    found = check_quota(session, PLAN)  # type: ignore[arg-type]  # what of a session is used

    assert found.state is State.SKIPPED
    assert "lambda:GetAccountSettings" in found.advice
