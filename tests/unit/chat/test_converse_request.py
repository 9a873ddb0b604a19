"""Requests of chat completions as requests of Converse: each is checked against botocore's model of the service."""

import base64
from typing import Any

import pytest

from chat.errors import InvalidRequestError
from chat.model.converse.request import converse_request
from tests.support.bedrock import checked, operation

PNG = base64.b64encode(b"\x89PNG").decode()
QUESTION = {"role": "user", "content": "Hello"}
WEATHER = {
    "type": "function",
    "function": {"name": "weather", "description": "Of a city", "parameters": {"type": "object", "properties": {}}},
}
CALL = {"id": "t-1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Wien"}'}}


def translated(*messages: dict[str, Any], guardrail: tuple[str, str] | None = None, **asked: object) -> dict[str, Any]:
    request = converse_request({"messages": messages or [QUESTION], **asked}, guardrail)
    shape = operation("ConverseStream").input_shape
    assert shape is not None
    checked({**request, "modelId": "any.model"}, shape)
    return request


def contents(*messages: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(message["role"], message["content"]) for message in translated(*messages)["messages"]]


def test_system_messages_are_apart() -> None:
    request = translated(
        {"role": "system", "content": "Be brief."},
        QUESTION,
        {"role": "developer", "content": [{"type": "text", "text": "x"}]},
    )

    assert request["system"] == [{"text": "Be brief."}, {"text": "x"}]
    assert len(request["messages"]) == 1


def test_roles_take_turns() -> None:
    found = contents(QUESTION, QUESTION, {"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"})

    assert found == [("user", [{"text": "Hello"}, {"text": "Hello"}]), ("assistant", [{"text": "a"}, {"text": "b"}])]


def test_empty_texts_are_left_out() -> None:
    parts = [{"type": "text", "text": " "}, {"type": "text", "text": "x"}]

    assert contents({"role": "user", "content": parts}, {"role": "assistant", "content": ""}) == [
        ("user", [{"text": "x"}])
    ]


@pytest.mark.parametrize(("kind", "form"), [("png", "png"), ("jpeg", "jpeg"), ("gif", "gif"), ("webp", "webp")])
def test_images(kind: str, form: str) -> None:
    url = {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{PNG}"}}

    assert contents({"role": "user", "content": [url]}) == [
        ("user", [{"image": {"format": form, "source": {"bytes": PNG}}}])
    ]


def test_documents_have_neutral_names() -> None:
    file = {"filename": "Q3 report_(final).v2.pdf", "file_data": f"data:application/pdf;base64,{PNG}"}
    parts = [
        {"type": "file", "file": file},
        {"type": "file", "file": {"file_data": f"data:text/plain;charset=utf-8;base64,{PNG}"}},
    ]

    ((_, blocks),) = contents({"role": "user", "content": parts})

    assert [(block["document"]["format"], block["document"]["name"]) for block in blocks] == [
        ("pdf", "Q3 report (final) v2"),
        ("txt", "document"),
    ]


def test_sounds() -> None:
    part = {"type": "input_audio", "input_audio": {"data": PNG, "format": "wav"}}

    assert contents({"role": "user", "content": [part]}) == [
        ("user", [{"audio": {"format": "wav", "source": {"bytes": PNG}}}])
    ]


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {"type": "image_url", "image_url": {"url": "data:image/tiff;base64,AAAA"}},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "file", "file": {"file_data": "data:application/zip;base64,AAAA"}},
    ],
)
def test_what_the_model_cannot_have_is_refused(part: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        translated({"role": "user", "content": [part]})

    assert refused.value.param == "messages[0].content[0]"


def test_tools_and_their_results() -> None:
    request = translated(
        QUESTION,
        {"role": "assistant", "content": None, "tool_calls": [CALL, {**CALL, "id": "t-2"}]},
        {"role": "tool", "tool_call_id": "t-1", "content": "sunny"},
        {"role": "tool", "tool_call_id": "t-2", "content": ""},
        tools=[WEATHER],
        tool_choice="auto",
    )

    _, uses, results = request["messages"]
    assert uses["content"][0] == {"toolUse": {"toolUseId": "t-1", "name": "weather", "input": {"city": "Wien"}}}
    assert results["role"] == "user"
    assert [block["toolResult"]["toolUseId"] for block in results["content"]] == ["t-1", "t-2"]
    assert results["content"][0]["toolResult"]["content"] == [{"text": "sunny"}]
    assert request["toolConfig"] == {
        "tools": [
            {
                "toolSpec": {
                    "name": "weather",
                    "description": "Of a city",
                    "inputSchema": {"json": {"type": "object", "properties": {}}},
                }
            }
        ]
    }


@pytest.mark.parametrize(
    ("choice", "translation"),
    [
        ("required", {"any": {}}),
        ({"type": "function", "function": {"name": "weather"}}, {"tool": {"name": "weather"}}),
    ],
)
def test_a_choice_of_tools(choice: object, translation: dict[str, Any]) -> None:
    assert translated(tools=[WEATHER], tool_choice=choice)["toolConfig"]["toolChoice"] == translation


def test_no_tools_wanted() -> None:
    assert "toolConfig" not in translated(tools=[WEATHER], tool_choice="none")


def test_tools_of_the_past_are_described() -> None:
    request = translated(
        QUESTION,
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "t-1", "content": "sunny"},
    )

    assert request["toolConfig"]["tools"][0]["toolSpec"]["name"] == "weather"


@pytest.mark.parametrize("call", [{}, {**CALL, "function": {"name": "x", "arguments": "{"}}, {**CALL, "id": 5}])
def test_calls_that_are_none_are_refused(call: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError, match="tool_calls"):
        translated(QUESTION, {"role": "assistant", "tool_calls": [call]})


def test_a_result_of_no_call_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="tool_call_id"):
        translated(QUESTION, {"role": "tool", "content": "x"})


def test_how_to_answer() -> None:
    request = translated(
        max_tokens=7,
        max_completion_tokens=5,
        temperature=0.5,
        top_p=0.9,
        stop="END",
        reasoning_effort="minimal",
        user="u",
        seed=1,
        n=1,
        frequency_penalty=0,
        guardrail=("id", "1"),
    )

    assert request["inferenceConfig"] == {"maxTokens": 5, "temperature": 0.5, "topP": 0.9, "stopSequences": ["END"]}
    assert request["outputConfig"] == {"effort": "low"}
    assert request["guardrailConfig"] == {"guardrailIdentifier": "id", "guardrailVersion": "1"}
    assert set(request) == {"messages", "inferenceConfig", "outputConfig", "guardrailConfig"}


def test_an_answer_of_a_form() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": {"type": "object"}}}

    assert translated(response_format=form)["outputConfig"]["textFormat"] == {
        "type": "json_schema",
        "structure": {"jsonSchema": {"schema": '{"type": "object"}', "name": "city"}},
    }
    assert "outputConfig" not in translated(response_format={"type": "text"}, reasoning_effort="none")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2),
        ("logprobs", True),
        ("frequency_penalty", 0.5),
        ("presence_penalty", -1),
        ("logit_bias", {"5": 1}),
        ("response_format", {"type": "json_object"}),
        ("reasoning_effort", "enormous"),
    ],
)
def test_what_would_change_the_answer_is_not_passed_over(name: str, value: object) -> None:
    asked: Any = {name: value}

    with pytest.raises(InvalidRequestError) as refused:
        translated(**asked)

    assert (refused.value.code, refused.value.param) == ("unsupported_parameter", name)


@pytest.mark.parametrize("tool", [{}, {"type": "custom", "custom": {}}, "weather"])
def test_tools_that_are_no_functions_are_refused(tool: object) -> None:
    with pytest.raises(InvalidRequestError, match=r"tools\[0\]"):
        translated(tools=[tool])
