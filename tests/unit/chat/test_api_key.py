"""How long a key is remembered, and what is made of one that cannot be read."""

import pytest

from chat.aws.service import AwsError, JsonService
from chat.errors import KeyUnavailableError
from chat.model.api_key import ApiKey

BEGIN = 1_000_000.0


class Ssm:
    """SSM, and the time: each read gives another key."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.reads = 0
        self.fails = False

    def call(self, _operation: str, _request: object) -> dict[str, object]:
        if self.fails:
            raise AwsError("not there", "ParameterNotFound")
        self.reads += 1
        return {"Parameter": {"Value": f"key-{self.reads}"}}


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Ssm:
    there = Ssm()
    monkeypatch.setattr(JsonService, "call", lambda _, *request: there.call(*request))
    return there


def test_a_key_is_remembered_for_a_quarter_of_an_hour(ssm: Ssm) -> None:
    key = ApiKey("/key", lambda: ssm.now)
    assert key.read() == "key-1"

    ssm.now = BEGIN + 899.9
    assert key.read() == "key-1"
    ssm.now = BEGIN + 900
    assert key.read() == "key-2"
    ssm.now += 899.9
    assert key.read() == "key-2"


def test_a_fresh_one_is_asked_for_and_then_remembered(ssm: Ssm) -> None:
    key = ApiKey("/key", lambda: ssm.now)
    key.read()

    assert [key.read(fresh=True), key.read()] == ["key-2", "key-2"]


def test_what_is_prepared_is_not_read_again_and_what_is_forgotten_is(ssm: Ssm) -> None:
    key = ApiKey("/key", lambda: ssm.now)
    key.prepare()
    assert key.read() == "key-1"

    key.forget()

    assert key.read() == "key-2"


def test_getting_ready_in_vain_is_no_error_and_is_not_remembered(ssm: Ssm) -> None:
    key = ApiKey("/key", lambda: ssm.now)
    ssm.fails = True
    key.prepare()
    with pytest.raises(KeyUnavailableError):
        key.read()

    ssm.fails = False

    assert key.read() == "key-1"


def test_a_key_is_taken_out_of_texts(ssm: Ssm) -> None:
    key = ApiKey("/key", lambda: ssm.now)
    assert key.redact("key-1") == "key-1"  # not known yet
    key.read()

    assert key.redact("Wrong: key-1.") == "Wrong: (key removed)."
