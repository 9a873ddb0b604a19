import pytest

from chat.limits.settings import LimitSettings
from chat.settings import Settings, SettingsError

REQUIRED = {"API_KEY_PARAMETER": "/key", "MODELS": "small"}


def read(**variables: str) -> LimitSettings:
    return Settings.from_environment(REQUIRED | variables).limits


def test_there_are_no_limits_unless_they_are_set() -> None:
    assert read() == LimitSettings()
    assert not read(DAILY_TOKENS_TOTAL="0").counts


def test_every_variable_is_read() -> None:
    assert read(
        TABLE_NAME="table",
        DAILY_REQUESTS_PER_PERSON="1",
        DAILY_TOKENS_PER_PERSON="20000",
        DAILY_TOKENS_TOTAL="30000",
        CONCURRENT_REQUESTS_PER_PERSON="2",
    ) == LimitSettings("table", 1, 20_000, 30_000, 2)


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("DAILY_REQUESTS_PER_PERSON", {"DAILY_REQUESTS_PER_PERSON": "-1"}),
        ("DAILY_TOKENS_PER_PERSON", {"DAILY_TOKENS_PER_PERSON": "1e6"}),
        ("DAILY_TOKENS_PER_PERSON", {"DAILY_TOKENS_PER_PERSON": "4096", "TABLE_NAME": "table"}),
        ("DAILY_TOKENS_TOTAL", {"DAILY_TOKENS_TOTAL": "10", "TABLE_NAME": "table"}),
        ("TABLE_NAME", {"DAILY_TOKENS_TOTAL": "10000"}),
        ("TABLE_NAME", {"API_KEYS": "on"}),
        ("TABLE_NAME", {"CONCURRENT_REQUESTS_PER_PERSON": "2"}),
    ],
)
def test_a_wrong_value_is_named(name: str, variables: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=name):
        read(**variables)
