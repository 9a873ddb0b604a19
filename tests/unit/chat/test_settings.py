"""The function's settings, as it reads them when it starts."""

import dataclasses
import re

import pytest

from chat.declaration import SettingsError, declarations, read_environment
from chat.settings import OTHER_VARIABLES, Settings
from tests.conftest import ROOT
from tests.support.setting_values import OTHER_VALUES

OPEN = {"SIGN_IN": "none"}
BEDROCK = {"UPSTREAM": "bedrock", "MODELS": "amazon.nova-lite-v1:0,eu.anthropic.claude-sonnet-4-5-20250929-v1:0"}
OIDC = {"SIGN_IN": "oidc", "SIGN_IN_ISSUER": "https://issuer.example.com/", "SIGN_IN_CLIENT_ID": "page"}

# Of every field a value that is not its default.
OTHERS = Settings(
    **OTHER_VALUES,  # type: ignore[arg-type]  # by name
    sign_in_scope="chat/use",
    subject_salt="salt",
    quiet_seconds=50,
    table_name="table",
    first_byte_seconds=1,
    heartbeat_seconds=2,
    deadline_margin_seconds=4,
)


def test_a_function_that_is_given_nothing_lets_nobody_in() -> None:
    with pytest.raises(SettingsError, match="sign_in_issuer"):
        Settings.from_environment({})


def test_where_there_may_be_no_value_a_variable_that_is_not_set_gives_none_and_else_the_default() -> None:
    settings = Settings.from_environment(OPEN)

    assert (settings.daily_requests_per_person, settings.daily_tokens_per_person) == (None, None)
    assert settings.max_messages == Settings().max_messages
    assert not settings.needs_table


def test_what_is_written_is_what_is_read() -> None:
    variables = OTHERS.to_environment()

    assert read_environment(Settings, variables) == OTHERS
    assert variables["EXTRA_PARAMETERS"] == "n,tools"
    assert variables["API_KEYS"] == "true"
    assert variables["MIN_TEMPERATURE"] == "0.25"
    assert set(variables) == {name.upper() for name in declarations(Settings)}


def test_every_field_is_tried_with_another_value_than_its_default() -> None:
    same = [field.name for field in dataclasses.fields(Settings) if getattr(OTHERS, field.name) == field.default]

    assert same == []


def test_what_is_nothing_or_internal_and_as_usual_needs_no_variable() -> None:
    variables = Settings(sign_in="none", daily_tokens_per_person=None).to_environment()

    assert "HEARTBEAT_SECONDS" not in variables
    assert "TABLE_NAME" not in variables
    assert "DAILY_TOKENS_PER_PERSON" not in variables
    assert "SYSTEM_PROMPT" not in variables
    assert variables["MAX_MESSAGES"] == "1000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_KEY_PARAMETER", ""),
        ("MODELS", ""),
        ("MODELS", " , "),
        ("UPSTREAM_BASE_URL", "api.openai.com"),
        ("UPSTREAM_BASE_URL", "file:///etc/passwd"),
        ("MAX_OUTPUT_TOKENS", "0"),
        ("MAX_OUTPUT_TOKENS", "many"),
        ("MAX_INPUT_CHARS", "-1"),
        ("MAX_MESSAGES", "1.5"),
        ("MAX_TEMPERATURE", "nan"),
        ("MIN_TEMPERATURE", "hot"),
        ("MIN_TEMPERATURE", "3"),
        ("EXTRA_PARAMETERS", "n, Tools"),
        ("HEARTBEAT_SECONDS", "16"),
        ("FIRST_BYTE_SECONDS", "0"),
        ("SILENCE_SECONDS", "inf"),
        ("API_KEYS", "yes"),
        ("DAILY_REQUESTS_PER_PERSON", "-1"),
        ("DAILY_TOKENS_PER_PERSON", "many"),
        ("SIGN_IN", "google"),
        ("SIGN_IN_ISSUER", "http://issuer.example.com"),
        ("SIGN_IN_ISSUER", "http://127.0.0.1.example.com"),
        ("SIGN_IN_ISSUER", "https://user:password@issuer.example.com"),
        ("SIGN_IN_ISSUER", "https://issuer.example.com?tenant=1"),
        ("SIGN_IN_ISSUER", "https://issuer.example.com:port"),
        ("SIGN_IN_CLIENT_ID", " "),
        ("SIGN_IN_REQUIRED_CLAIM", "chat"),
        ("SIGN_IN_REQUIRED_CLAIM", "groups="),
    ],
)
def test_a_wrong_value_is_named_with_what_is_accepted(name: str, value: str) -> None:
    accepts = declarations(Settings)[name.lower()].kind.accepts

    with pytest.raises(SettingsError, match=re.escape(f"{name}: got {value!r}; accepted: {accepts}")):
        Settings.from_environment(OIDC | {name: value})


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("min_temperature", {"MIN_TEMPERATURE": "1", "MAX_TEMPERATURE": "0.5"}),
        ("daily_tokens_per_person", {"DAILY_TOKENS_PER_PERSON": "4096", "TABLE_NAME": "table"}),
        ("daily_tokens_total", {"DAILY_TOKENS_TOTAL": "10", "TABLE_NAME": "table"}),
        ("table_name", {"DAILY_TOKENS_TOTAL": "10000"}),
        ("table_name", {"API_KEYS": "on"}),
        ("table_name", {"CONCURRENT_REQUESTS_PER_PERSON": "2"}),
        ("azure_api_version", {"AZURE_API_VERSION": "2024-10-21"}),
        ("upstream_base_url", {"UPSTREAM": "azure"}),
        ("bedrock_guardrail", {"BEDROCK_GUARDRAIL": "gr1:1"}),
        ("models", {"UPSTREAM": "bedrock"}),
        ("models", {"UPSTREAM": "bedrock", "MODELS": "amazon.nova-lite-v1:0,gpt-5.4-mini"}),
        ("upstream_base_url", {**BEDROCK, "UPSTREAM_BASE_URL": "https://example.com/v1"}),
        ("sign_in_issuer", {"SIGN_IN_ISSUER": "https://issuer.example.com"}),
        ("sign_in_issuer", {"SIGN_IN": "oidc", "SIGN_IN_CLIENT_ID": "page"}),
        ("sign_in_client_id", {"SIGN_IN": "oidc", "SIGN_IN_ISSUER": "https://issuer.example.com"}),
    ],
)
def test_what_does_not_go_together_is_named(name: str, variables: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(OPEN | variables)


@pytest.mark.parametrize("issuer", ["http://localhost:4000", "http://127.0.0.1:4000", "http://[::1]:4000"])
def test_an_issuer_on_this_machine_needs_no_tls(issuer: str) -> None:
    assert Settings.from_environment(OIDC | {"SIGN_IN_ISSUER": issuer}).sign_in_issuer == issuer


def test_the_model_s_base_url_needs_no_slash_at_its_end() -> None:
    settings = Settings.from_environment(OPEN | {"UPSTREAM_BASE_URL": "http://127.0.0.1:1/v1/"})

    assert settings.upstream_base_url == "http://127.0.0.1:1/v1"


def test_its_query_is_kept() -> None:
    settings = Settings.from_environment(OPEN | {"UPSTREAM_BASE_URL": "https://host/v1/?api-version=preview"})

    assert settings.upstream_base_url == "https://host/v1?api-version=preview"


def test_bedrock_needs_no_more_than_models() -> None:
    arn = "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/abc"

    assert Settings.from_environment(OPEN | BEDROCK | {"BEDROCK_GUARDRAIL": "gr1:1"}).upstream == "bedrock"
    assert Settings.from_environment(OPEN | BEDROCK | {"MODELS": arn}).models == (arn,)


def test_every_variable_that_the_code_reads_is_declared() -> None:
    named = re.compile(r"""environ(?:ment)?(?:\.get\(|\[)f?["']([A-Z][A-Z0-9_]*)["']""")
    read = {
        (path.name, name)
        for path in (ROOT / "lambda_src" / "chat").rglob("*.py")
        for name in named.findall(path.read_text(encoding="utf-8"))
    }
    declared = {name.upper() for name in declarations(Settings)} | set(OTHER_VARIABLES)

    assert ("api_key.py", "AWS_REGION") in read  # the pattern finds some
    assert {name for _, name in read} <= declared
