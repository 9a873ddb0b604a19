import pytest

from chat.settings import Settings as FunctionSettings
from local.deployment import local_settings
from stacks.settings import SettingsError, cdk_json_context


def test_the_function_accepts_the_settings_of_cdk_json_without_anything_of_an_account() -> None:
    settings = local_settings(cdk_json_context())

    read = FunctionSettings.from_environment(settings.to_environment())

    assert read.sign_in == "none"
    assert not read.needs_table
    assert read.max_input_chars == settings.max_input_chars


def test_every_other_setting_of_the_function_is_the_deployment_s() -> None:
    context = {
        "system_prompt": "Be brief.",
        "max_input_chars": 500,
        "extra_parameters": ["tools"],
        "sign_in": "oidc",
        "sign_in_issuer": "https://issuer.example.com",
        "sign_in_client_id": "page",
        "api_keys": True,
        "timeout_seconds": 120,
    }

    variables = local_settings(context).to_environment()

    assert variables["SYSTEM_PROMPT"] == "Be brief."
    assert variables["MAX_INPUT_CHARS"] == "500"
    assert variables["EXTRA_PARAMETERS"] == "tools"
    assert variables["SIGN_IN"] == "none"
    assert local_settings(context).timeout_seconds == 120


def test_what_could_not_be_deployed_is_refused_here_too() -> None:
    with pytest.raises(SettingsError, match="max_messages: got 'many'"):
        local_settings({"max_messages": "many"})
