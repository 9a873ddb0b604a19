import dataclasses
import json
import re
import typing
from pathlib import Path

import pytest

from contracts.page_config import page_config
from stacks.settings import Settings, SettingsError, declared, readers
from tests.support.setting_values import REFUSED
from tools.checks.derived import derived
from tools.checks.page_type import page_type
from tools.checks.settings_table import embed

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in REFUSED.items() for value in values])
def test_a_bad_value_is_refused_naming_the_key_what_it_got_and_what_is_accepted(key: str, value: object) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_context({key: value})

    message = str(refused.value)
    assert f"{key}: got {value!r}; accepted: {declared()[key].kind.accepts}" in message


def test_every_setting_has_values_that_it_refuses() -> None:
    assert set(REFUSED) == set(declared())


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_context({"memory_mb": "lots", "timeout_seconds": 0})

    assert "memory_mb" in str(refused.value)
    assert "timeout_seconds" in str(refused.value)


@pytest.mark.parametrize("key", ["memroy_mb", "memory-mb"])
def test_a_mistyped_key_is_refused_with_the_setting_that_was_meant(key: str) -> None:
    with pytest.raises(SettingsError, match=f"{key}: no such setting; did you mean memory_mb?"):
        Settings.from_context({key: 512})


def test_the_value_of_an_unknown_key_which_may_be_a_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_context({"openai_api_key": "sk-very-secret"})

    assert "openai_api_key" in str(refused.value)
    assert "sk-very-secret" not in str(refused.value)


def test_the_cdk_s_own_context_is_left_alone() -> None:
    context = {
        "@aws-cdk/core:checkSecretUsage": True,
        "aws:cdk:bundling-stacks": ["**"],
        "availability-zones:account=1:region=eu-central-1": ["a"],
        "acknowledged-issue-numbers": [34892],
        "cli-telemetry": False,
    }

    assert Settings.from_context(context) == Settings()


def test_min_temperature_may_not_exceed_max_temperature() -> None:
    with pytest.raises(SettingsError, match="min_temperature"):
        Settings.from_context({"min_temperature": 1, "max_temperature": 0.5})


def test_c_on_the_command_line_gives_text_and_cdk_json_gives_types_with_the_same_result() -> None:
    typed = {
        "models": ["a", "b/c:d"],
        "memory_mb": 1024,
        "max_temperature": 1.5,
        "reserved_concurrency": 5,
        "cors_origins": [],
        "api_key_kms_key_arn": None,
    }
    text = {
        "models": "a,b/c:d",
        "memory_mb": "1024",
        "max_temperature": "1.5",
        "reserved_concurrency": "5",
        "cors_origins": "",
        "api_key_kms_key_arn": "",
    }

    assert Settings.from_context(text) == Settings.from_context(typed)


@pytest.mark.parametrize(("on", "off"), [(True, False), ("on", "off"), ("true", "false")])
def test_a_switch_is_a_boolean_however_it_is_written(on: object, off: object) -> None:
    assert Settings.from_context({"tracing": on}).tracing is True
    assert Settings.from_context({"monitoring": off}).monitoring is False


def test_the_api_key_does_not_travel_in_the_clear_beyond_this_machine() -> None:
    with pytest.raises(SettingsError, match=r"upstream_base_url: .* accepted: https://"):
        Settings.from_context({"upstream_base_url": "http://api.openai.com/v1"})


def test_a_deployment_is_not_given_up_on_as_soon_as_a_test_is() -> None:
    with pytest.raises(SettingsError, match="silence_seconds: got 4; accepted: at least 5"):
        Settings.from_context({"silence_seconds": 4})


@pytest.mark.parametrize("settings", [{"timeout_seconds": 10, "silence_seconds": 890}, {"timeout_seconds": 60}])
def test_silence_cannot_last_longer_than_the_function(settings: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"silence_seconds: got .* accepted: less than timeout_seconds, which is"):
        Settings.from_context(settings)


def test_what_is_internal_is_no_key_of_cdk_json() -> None:
    with pytest.raises(SettingsError, match="table_name: no such setting"):
        Settings.from_context({"table_name": "another"})


def test_it_is_known_who_reads_a_setting() -> None:
    assert readers("memory_mb") == []
    assert readers("max_output_tokens") == ["function"]
    assert readers("max_temperature") == ["function", "page"]


def test_a_model_server_on_this_machine_may_be_plain_http() -> None:
    settings = Settings.from_context({"upstream_base_url": "http://127.0.0.1:8080/v1"})

    assert settings.upstream_base_url == "http://127.0.0.1:8080/v1"


def test_cdk_json_shows_every_setting_with_its_default() -> None:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    settings = [key for key in context if ":" not in key]

    assert settings == list(declared())
    assert Settings.from_context(context) == Settings()


def test_each_default_is_a_value_that_its_setting_accepts() -> None:
    for key, setting in declared().items():
        default = getattr(Settings(), key)
        assert setting.kind.parse(default) == default


def test_settings_cannot_be_changed_after_they_were_checked() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        typing.cast("typing.Any", Settings()).stage = "other"


@pytest.mark.parametrize("file", derived(), ids=lambda file: file.name)
def test_what_is_derived_from_the_declarations_is_what_they_give_now(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == derived()[file], "run: make settings"


def test_the_page_is_told_what_it_is_made_to_read() -> None:
    config = page_config(Settings(max_temperature=1), {"type": "none"})

    assert config["maxTemperature"] == 1
    declared_for_the_page = page_type().partition("interface Config")[2].partition("}")[0]
    assert set(config) == set(re.findall(r"^  (\w+): ", declared_for_the_page, re.MULTILINE))


def test_a_document_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="markers"):
        embed("# Settings\n")
