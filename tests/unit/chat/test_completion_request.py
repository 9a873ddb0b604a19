import json
from dataclasses import replace

import pytest

from chat.errors import InvalidRequestError, TooLargeError, UnknownModelError
from chat.request.completion_request import CompletionRequest
from chat.settings import Settings

SETTINGS = Settings(
    api_key_parameter="/key",
    models=("small", "large"),
    upstream_base_url="http://127.0.0.1:1/v1",
    max_output_tokens=100,
    max_input_chars=50,
    max_messages=3,
    max_temperature=1.5,
)
USER = {"role": "user", "content": "Hello"}


def checked(settings: Settings = SETTINGS, /, **request: object) -> CompletionRequest:
    return CompletionRequest.from_chat(json.dumps({"messages": [USER]} | request).encode(), settings)


def test_the_smallest_request_gets_the_defaults() -> None:
    assert checked().payload == {"messages": [USER], "model": "small", "stream": False, "max_tokens": 100}


def test_usage_is_asked_for_when_streaming_whether_or_not_the_client_did() -> None:
    unasked = checked(stream=True)
    asked = checked(stream=True, stream_options={"include_usage": True})

    assert unasked.payload["stream_options"] == asked.payload["stream_options"] == {"include_usage": True}
    assert not unasked.include_usage
    assert asked.include_usage


def test_openai_gets_the_newer_name_of_the_output_limit() -> None:
    at_openai = replace(SETTINGS, upstream_base_url="https://api.openai.com/v1")

    assert checked(at_openai).payload["max_completion_tokens"] == 100
    assert checked(at_openai, max_tokens=5).payload["max_tokens"] == 5


def test_parameters_are_passed_on_and_null_ones_are_not() -> None:
    payload = checked(model="large", temperature=1, stop=["x"], seed=None).payload

    assert payload["model"] == "large"
    assert payload["temperature"] == 1
    assert payload["stop"] == ["x"]
    assert "seed" not in payload


def test_the_system_prompt_is_put_first_unless_the_conversation_has_its_own() -> None:
    settings = replace(SETTINGS, system_prompt="Be kind.")
    own = {"role": "developer", "content": "Be brief."}

    assert checked(settings).payload["messages"] == [{"role": "system", "content": "Be kind."}, USER]
    assert checked(settings, messages=[own, USER]).payload["messages"] == [own, USER]


def test_content_may_be_a_list_of_parts() -> None:
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:,x"}}]

    assert checked(messages=[{"role": "user", "content": parts}]).payload["messages"] == [
        {"role": "user", "content": parts}
    ]


def test_a_parameter_can_be_enabled_by_a_setting() -> None:
    tools: list[object] = [{"type": "function", "function": {"name": "f"}}]
    enabled = replace(SETTINGS, extra_parameters=("tools",))

    assert checked(enabled, tools=tools).payload["tools"] == tools


@pytest.mark.parametrize(
    ("request_part", "param"),
    [
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "Hello"}, "messages"),
        ({"messages": ["Hello"]}, "messages[0]"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": ["user"], "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": " \n"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": ["x"]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "file"}]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"),
        ({"model": 5}, "model"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": []}, "stream_options"),
        ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": True}, "temperature"),
        ({"temperature": 1.6}, "temperature"),
        ({"temperature": -1}, "temperature"),
        ({"temperature": 10**400}, "temperature"),
        ({"max_tokens": 101}, "max_tokens"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_completion_tokens": 1.5}, "max_completion_tokens"),
        ({"n": 5}, "n"),
        ({"tools": []}, "tools"),
    ],
)
def test_what_is_wrong_is_named(request_part: dict[str, object], param: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        checked(**request_part)

    assert refused.value.status == 400
    assert refused.value.param == param


def test_an_unknown_model_is_told_with_those_that_are_offered() -> None:
    with pytest.raises(UnknownModelError, match="small, large"):
        checked(model="gigantic")


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "user", "content": "x" * 51}],
        [{"role": "user", "content": "x" * 30}, {"role": "assistant", "content": "y" * 30}],
        [{"role": "user", "content": [{"type": "text", "text": "x" * 51}]}],
        [USER, USER, USER, USER],
    ],
)
def test_too_much_input_is_413(messages: list[object]) -> None:
    with pytest.raises(TooLargeError) as refused:
        checked(messages=messages)

    assert refused.value.status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"messages": NaN}',
        b'{"messages": "\\ud800"}',
        b"[" * 100_000,
        b'{"seed": ' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_not_a_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequestError):
        CompletionRequest.from_chat(body, SETTINGS)
    with pytest.raises(InvalidRequestError):
        CompletionRequest.from_message(body, SETTINGS)


def test_the_plain_contract_becomes_a_streamed_chat() -> None:
    asked = CompletionRequest.from_message(b'{"message": "Hello"}', SETTINGS)

    assert asked.stream
    assert asked.payload["messages"] == [USER]


@pytest.mark.parametrize("body", [b"{}", b'{"message": 5}', b'{"message": ""}', b'{"message": null}'])
def test_the_plain_contract_wants_a_message(body: bytes) -> None:
    with pytest.raises(InvalidRequestError):
        CompletionRequest.from_message(body, SETTINGS)
