"""Requests of the Responses API: what is let through, what is set, what is refused and why."""

import json
from dataclasses import replace

import pytest

from chat.errors import InvalidRequestError, TooLargeError, UnknownModelError
from chat.request.response_request import ResponseRequest
from chat.settings import Settings

SETTINGS = Settings(
    api_key_parameter="/key",
    models=("small", "large"),
    max_output_tokens=100,
    max_input_chars=200,
    max_messages=3,
    max_temperature=1.5,
    max_attachment_bytes=1_000,
)
FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object"}}


def checked(settings: Settings = SETTINGS, /, **request: object) -> ResponseRequest:
    return ResponseRequest.from_body(json.dumps({"input": "Hello"} | request).encode(), settings)


def sent(settings: Settings = SETTINGS, /, **request: object) -> dict[str, object]:
    payload: dict[str, object] = json.loads(checked(settings, **request).body)
    return payload


def allowing(*names: str) -> Settings:
    return replace(SETTINGS, extra_parameters=names)


def test_the_smallest_request_gets_the_defaults_and_is_not_kept() -> None:
    assert sent() == {"store": False, "model": "small", "input": "Hello", "stream": False, "max_output_tokens": 100}
    assert (checked().path, checked().tokens_out) == ("/responses", 100)


@pytest.mark.parametrize(
    "nothing",
    [
        {"store": False},
        {"store": None},
        {"background": False},
        {"previous_response_id": None},
        {"tools": []},
        {"service_tier": "auto"},
    ],
)
def test_what_asks_for_nothing_is_accepted(nothing: dict[str, object]) -> None:
    assert sent(**nothing) == sent()


def test_the_output_is_cut_to_the_limit() -> None:
    assert sent(max_output_tokens=5)["max_output_tokens"] == checked(max_output_tokens=5).tokens_out == 5
    assert sent(max_output_tokens=100_000)["max_output_tokens"] == 100


def test_a_conversation_with_tools_is_passed_on() -> None:
    conversation = [
        {"role": "user", "content": [{"type": "input_text", "text": "2+2?"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "4"},
    ]
    parameters: dict[str, object] = {"tools": [FUNCTION, {"type": "custom", "name": "g"}], "tool_choice": "auto"}
    parameters |= {"reasoning": {"effort": "low"}, "include": ["reasoning.encrypted_content"]}
    roomy = replace(SETTINGS, max_input_chars=1_000)

    payload = sent(roomy, input=conversation, stream=True, stream_options={"include_obfuscation": False}, **parameters)

    assert payload["input"] == conversation
    assert payload["stream_options"] == {"include_obfuscation": False}
    assert {name: payload[name] for name in parameters} == parameters


def test_the_system_prompt_are_the_instructions_unless_there_are_others() -> None:
    kind = replace(SETTINGS, system_prompt="Be kind.")
    own = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hello"}]

    assert sent(kind)["instructions"] == "Be kind."
    assert sent(kind, instructions="Be brief.")["instructions"] == "Be brief."
    assert "instructions" not in sent(kind, input=own)


@pytest.mark.parametrize(
    ("request_part", "param"),
    [
        ({"input": None}, "input"),
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": 5}, "input"),
        ({"input": ["x"]}, "input[0]"),
        ({"input": [{"role": 5, "content": "x"}]}, "input[0].role"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "input[0].type"),
        ({"input": [{"type": ["message"]}]}, "input[0].type"),
        ({"input": [{"role": "user", "content": ["x"]}]}, "input[0].content[0]"),
        ({"input": [{"role": "user", "content": [{"type": "video"}]}]}, "input[0].content[0].type"),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]}, "input[0].content[0]"),
        ({"input": [{"role": "user", "content": [{"type": "input_file", "file_url": "f"}]}]}, "input[0].content[0]"),
        ({"model": 5}, "model"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": {"include_usage": True}}, "stream_options.include_usage"),
        ({"temperature": 2}, "temperature"),
        ({"max_output_tokens": 5.0}, "max_output_tokens"),
        ({"store": True}, "store"),
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"background": True}, "background"),
        ({"prompt": {"id": "p"}}, "prompt"),
        ({"tools": {}}, "tools"),
        ({"tools": ["x"]}, "tools[0]"),
        ({"tools": [FUNCTION, {"type": "web_search"}]}, "tools[1].type"),
        ({"tools": [{"type": "mcp", "server_url": "https://x"}]}, "tools[0].type"),
    ],
)
def test_what_is_wrong_or_kept_or_paid_for_is_named(request_part: dict[str, object], param: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        checked(**request_part)

    assert (refused.value.status, refused.value.param) == (400, param)


def test_a_setting_allows_what_is_kept_or_paid_for() -> None:
    assert sent(allowing("store"), store=True)["store"] is True
    assert sent(allowing("previous_response_id"), previous_response_id="r")["previous_response_id"] == "r"
    assert sent(allowing("web_search"), tools=[{"type": "web_search"}])["tools"] == [{"type": "web_search"}]


@pytest.mark.parametrize(
    "request_part",
    [
        {"input": "x" * 201},
        {"input": [{"role": "user", "content": "x" * 201}]},
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": "x" * 201}]}]},
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": "x", "more": "x" * 201}]}]},
        {"input": [{"role": "user", "content": "x", "x" * 201: 1}]},
        {"input": [{"type": "function_call_output", "call_id": "c", "output": "x" * 201}]},
        {"input": [{"type": "reasoning", "id": "r", "summary": [], "encrypted_content": "x" * 201}]},
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "https://" + "x" * 200}]}]},
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:," + "x" * 2_000}]}]},
        {"input": [{"role": "user", "content": [{"type": "input_file", "file_data": "x" * 2_000}]}]},
        {"input": [{"role": "user", "content": [{"type": "input_file", "file_data": "", "filename": "x" * 201}]}]},
        {"input": [{"role": "user", "content": "x"}] * 4},
        {"instructions": "x" * 201},
        {"tools": [{**FUNCTION, "description": "x" * 201}]},
        {"text": {"format": {"type": "json_schema", "schema": {"x" * 201: 1}}}},
        {"metadata": {"x": "x" * 201}},
    ],
)
def test_everything_counts(request_part: dict[str, object]) -> None:
    with pytest.raises(TooLargeError):
        checked(**request_part)


def test_an_attachment_is_not_text() -> None:
    image = {"type": "input_image", "image_url": "data:image/png;base64," + "x" * 1_000, "detail": "low"}
    sound = {"type": "input_audio", "input_audio": {"data": "x" * 100, "format": "wav"}}

    asked = checked(input=[{"role": "user", "content": [image, sound]}])

    assert 300 < asked.tokens_in < 450
    with pytest.raises(UnknownModelError):
        checked(model="huge")
