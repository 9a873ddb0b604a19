import pytest

from chat.settings import Settings, SettingsError

REQUIRED = {"API_KEY_PARAMETER": "/key", "MODELS": "small,large"}


def test_defaults() -> None:
    settings = Settings.from_environment(REQUIRED)

    assert settings == Settings(api_key_parameter="/key", models=("small", "large"))


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        REQUIRED
        | {
            "UPSTREAM_BASE_URL": "http://127.0.0.1:1/v1/",
            "SYSTEM_PROMPT": "Be brief.",
            "MAX_OUTPUT_TOKENS": "10",
            "MAX_INPUT_CHARS": "20",
            "MAX_MESSAGES": "30",
            "MIN_TEMPERATURE": "0.1",
            "MAX_TEMPERATURE": "0.9",
            "EXTRA_PARAMETERS": "tools, n",
            "FIRST_BYTE_SECONDS": "1",
            "HEARTBEAT_SECONDS": "2",
            "SILENCE_SECONDS": "3",
            "DEADLINE_MARGIN_SECONDS": "4",
        }
    )

    assert settings == Settings(
        api_key_parameter="/key",
        models=("small", "large"),
        upstream_base_url="http://127.0.0.1:1/v1",
        system_prompt="Be brief.",
        max_output_tokens=10,
        max_input_chars=20,
        max_messages=30,
        min_temperature=0.1,
        max_temperature=0.9,
        extra_parameters=frozenset({"tools", "n"}),
        first_byte_seconds=1,
        heartbeat_seconds=2,
        silence_seconds=3,
        deadline_margin_seconds=4,
    )


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
        ("HEARTBEAT_SECONDS", "16"),
        ("FIRST_BYTE_SECONDS", "0"),
        ("SILENCE_SECONDS", "inf"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(REQUIRED | {name: value})
