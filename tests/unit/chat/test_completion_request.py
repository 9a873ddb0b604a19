import base64
import json
from collections.abc import Callable
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


def sent(settings: Settings = SETTINGS, /, **request: object) -> dict[str, object]:
    """What goes upstream."""
    payload: dict[str, object] = json.loads(checked(settings, **request).body)
    return payload


def test_the_smallest_request_gets_the_defaults() -> None:
    assert sent() == {"messages": [USER], "model": "small", "stream": False, "max_tokens": 100}


def test_usage_is_asked_for_when_streaming_whether_or_not_the_client_did() -> None:
    asked = {"stream": True, "stream_options": {"include_usage": True}}

    assert sent(stream=True)["stream_options"] == sent(**asked)["stream_options"] == {"include_usage": True}
    assert not checked(stream=True).include_usage
    assert checked(**asked).include_usage


@pytest.mark.parametrize(
    ("base_url", "model", "name"),
    [
        ("https://api.openai.com/v1", "small", "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "small", "max_completion_tokens"),
        ("https://me.openai.azure.com/openai/v1", "small", "max_completion_tokens"),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1", "openai.gpt-x", "max_completion_tokens"),
        ("https://bedrock-mantle.us-east-1.api.aws/v1", "openai.gpt-x", "max_completion_tokens"),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1", "google.gemma", "max_tokens"),
        ("https://notopenai.com/v1", "small", "max_tokens"),
        ("http://127.0.0.1:1/v1", "openai.gpt-x", "max_tokens"),
    ],
)
@pytest.mark.parametrize("asked", ["max_tokens", "max_completion_tokens"])
def test_upstream_gets_the_output_limit_under_the_one_name_that_it_honours(
    base_url: str, model: str, name: str, asked: str
) -> None:
    upstream = replace(SETTINGS, upstream_base_url=base_url, models=(model,))

    for parameters, tokens in (({}, 100), ({asked: 5}, 5), ({asked: 100_000}, 100)):
        payload = sent(upstream, **parameters)
        assert {each: payload[each] for each in payload if "tokens" in each} == {name: tokens}
        assert checked(upstream, **parameters).tokens_out == tokens


def test_of_two_output_limits_the_smaller_counts() -> None:
    assert sent(max_tokens=7, max_completion_tokens=3)["max_tokens"] == 3
    assert "max_completion_tokens" not in sent(max_tokens=7, max_completion_tokens=3)


def test_each_answer_may_have_its_tokens() -> None:
    several = replace(SETTINGS, extra_parameters=("n",))

    assert checked(several, n=3, max_tokens=5).tokens_out == 15
    assert sent(several, n=3)["n"] == 3


@pytest.mark.parametrize("n", [0, -1, 129, 1.0, 5.0, "5", True, [5], 10**30])
def test_a_number_of_answers_that_is_none_is_refused(n: object) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        checked(replace(SETTINGS, extra_parameters=("n",)), n=n)

    assert (refused.value.status, refused.value.param) == (400, "n")


@pytest.mark.parametrize(
    ("text", "tokens"),  # as OpenAI's o200k counts them
    [("The quick brown fox jumps over the lazy dog. " * 10, 101), ("吾輩は猫である。名前はまだ無い。" * 10, 121)],
)
def test_the_input_is_guessed_high(text: str, tokens: int) -> None:
    asked = checked(replace(SETTINGS, max_input_chars=1000), messages=[{"role": "user", "content": text}])

    assert tokens <= asked.tokens_in <= 2.5 * tokens


def test_parameters_are_passed_on_and_null_ones_are_not() -> None:
    payload = sent(model="large", temperature=1, stop=["x"], seed=None)

    assert payload["model"] == "large"
    assert payload["temperature"] == 1
    assert payload["stop"] == ["x"]
    assert "seed" not in payload


@pytest.mark.parametrize(
    "nothing",
    [
        {"n": 1},
        {"n": None},
        {"logprobs": False},
        {"store": False},
        {"store": None},
        {"tools": None},
        {"tools": []},
        {"functions": []},
        {"logit_bias": {}},
        {"modalities": ["text"]},
        {"service_tier": "auto"},
        {"web_search_options": None},
        {"audio": None, "max_tokens": None},
    ],
)
def test_what_asks_for_nothing_is_accepted_and_not_passed_on(nothing: dict[str, object]) -> None:
    assert sent(**nothing) == sent()


@pytest.mark.parametrize(
    "costly",
    [
        {"n": 2},
        {"store": True},
        {"service_tier": "priority"},
        {"modalities": ["text", "audio"]},
        {"web_search_options": {}},
        {"logit_bias": {"1": 1}},
        {"unheard_of": 1},
    ],
)
def test_what_multiplies_the_cost_or_keeps_data_needs_a_setting(costly: dict[str, object]) -> None:
    ((name, value),) = costly.items()

    with pytest.raises(InvalidRequestError) as refused:
        sent(**costly)
    assert (refused.value.code, refused.value.param) == ("unsupported_parameter", name)
    assert sent(replace(SETTINGS, extra_parameters=(name,)), **costly)[name] == value


def test_tools_are_passed_on() -> None:
    roomy = replace(SETTINGS, max_input_chars=1_000, max_messages=10)
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    conversation = [
        USER,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "42"},
        {"role": "function", "name": "f", "content": None},
        {"role": "assistant", "content": None, "refusal": "No."},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
    ]
    tools = {"tools": [tool], "tool_choice": "auto", "parallel_tool_calls": False}

    assert sent(roomy, messages=conversation, **tools) == sent() | {"messages": conversation} | tools


def test_an_answer_can_be_sent_back_as_clients_have_it() -> None:
    """openai-python's `message.model_dump()`, and what reasoning models add to it."""
    answer: dict[str, object] = {
        "content": "Hi",
        "refusal": None,
        "role": "assistant",
        "annotations": [],
        "audio": None,
        "function_call": None,
        "tool_calls": None,
        "reasoning_content": "x" * 1_000,
    }

    assert sent(messages=[USER, answer])["messages"] == [USER, {"role": "assistant", "content": "Hi"}]


def test_the_system_prompt_is_put_first_unless_the_conversation_has_its_own() -> None:
    settings = replace(SETTINGS, system_prompt="Be kind.")
    own = {"role": "developer", "content": "Be brief."}

    assert sent(settings)["messages"] == [{"role": "system", "content": "Be kind."}, USER]
    assert sent(settings, messages=[own, USER])["messages"] == [own, USER]


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (SETTINGS, "max_tokens"),
        (replace(SETTINGS, token_limit_name="max_completion_tokens"), "max_completion_tokens"),
        (replace(SETTINGS, upstream="azure"), "max_completion_tokens"),
        (replace(SETTINGS, upstream="bedrock"), "max_completion_tokens"),
        (replace(SETTINGS, upstream="azure", token_limit_name="max_tokens"), "max_tokens"),
    ],
)
def test_the_limit_on_tokens_goes_under_the_name_that_the_upstream_takes(settings: Settings, name: str) -> None:
    names = {"max_tokens", "max_completion_tokens"}

    assert names & set(sent(settings, messages=[{"role": "user", "content": "Hi"}], max_tokens=5)) == {name}


def test_a_file_goes_upstream_and_counts() -> None:
    file = {"type": "file", "file": {"filename": "a.txt", "file_data": "data:text/plain;base64,eA=="}}
    messages = [{"role": "user", "content": [file]}]

    assert sent(messages=messages)["messages"] == messages
    with pytest.raises(TooLargeError):
        checked(replace(SETTINGS, max_attachment_bytes=0), messages=messages)


def test_content_may_be_a_list_of_parts() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:,x", "detail": "low"}}
    parts = [{"type": "text", "text": "What is this?"}, image]

    assert sent(messages=[{"role": "user", "content": parts}])["messages"] == [{"role": "user", "content": parts}]


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
        ({"messages": [{"role": "user", "content": [{"type": "file"}]}]}, "messages[0].content[0].file"),
        (
            {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}]},
            "messages[0].content[0].file.file_id",
        ),
        ({"messages": [{"role": "user", "content": [{"type": "file", "file": {}}]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "video"}]}]}, "messages[0].content[0]"),
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
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 5.0}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"max_completion_tokens": "5"}, "max_completion_tokens"),
        ({"messages": [{**USER, "more": "x"}]}, "messages[0].more"),
        ({"messages": [{**USER, "name": ["x"]}]}, "messages[0].name"),
        ({"messages": [{"role": "assistant", "content": None, "tool_calls": []}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": ["text"]}]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]}, "messages[0].content[0]"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "more": "y"}]}]},
            "messages[0].content[0].more",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x", "more": 1}}]}]},
            "messages[0].content[0].image_url.more",
        ),
        ({"stream_options": {"more": True}}, "stream_options.more"),
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
        [{**USER, "name": "x" * 46}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://" + "x" * 43}}]}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:" + "日" * 46}}]}],
        [{"role": "user", "content": [{"type": "file", "file": {"file_data": "x", "filename": "x" * 51}}]}],
        [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "x", "format": "x" * 51}}]}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x", "detail": "x" * 50}}]}],
        [{"role": "user", "content": [{"type": "text", "text": "x", "prompt_cache_breakpoint": "x" * 50}]}],
        [USER, {"role": "assistant", "content": "", "tool_calls": [{"x" * 50: 1}]}],
        [USER, {"role": "assistant", "content": "", "function_call": {"arguments": "x" * 50}}],
        [USER, {"role": "assistant", "content": "", "refusal": "x" * 50}],
        [USER, {"role": "assistant", "content": "", "audio": {"id": "x" * 50}}],
        [USER, {"role": "tool", "content": "", "tool_call_id": "x" * 50}],
    ],
)
def test_too_much_input_is_413(messages: list[object]) -> None:
    with pytest.raises(TooLargeError) as refused:
        checked(messages=messages)

    assert refused.value.status == 413


LONG: object = ["x"] * 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stop", LONG),
        ("user", "x" * 50),
        ("metadata", {"x": "y" * 50}),
        ("response_format", {"type": "json_schema", "json_schema": {"description": "x" * 50}}),
        ("tools", [{"type": "function", "function": {"name": "f", "description": "x" * 50}}]),
        ("tool_choice", {"type": "function", "function": {"name": "x" * 50}}),
        ("functions", [{"name": "x" * 50}]),
        ("prediction", {"type": "content", "content": "x" * 50}),
        ("prompt_cache_key", "x" * 50),
        ("seed", [0] * 50),
        ("top_p", [[], {}] * 50),
        ("unheard_of", {"x": 10**60}),
    ],
)
def test_every_string_that_goes_upstream_counts(name: str, value: object) -> None:
    with pytest.raises(TooLargeError):
        checked(replace(SETTINGS, extra_parameters=("unheard_of",)), **{name: value})


def test_a_message_of_exactly_the_limit_fits() -> None:
    assert checked(messages=[{"role": "user", "content": "x" * 50}], temperature=1, seed=5)


ATTACHMENTS = [
    ("image_url", lambda data: {"url": f"data:image/png;base64,{data}", "detail": "low"}),
    ("file", lambda data: {"file_data": f"data:application/pdf;base64,{data}", "filename": "a.pdf"}),
    ("input_audio", lambda data: {"data": data, "format": "wav"}),
]


@pytest.mark.parametrize(("kind", "content"), ATTACHMENTS)
def test_attachments_are_limited_by_their_bytes(kind: str, content: Callable[[str], object]) -> None:
    def messages(size: int) -> list[object]:
        data = base64.b64encode(bytes(size)).decode()
        return [{"role": "user", "content": [{"type": kind, kind: content(data)}]}]

    allowed = replace(SETTINGS, max_attachment_bytes=1_000_000)

    assert sent(allowed, messages=messages(999_000))["messages"] == messages(999_000)
    with pytest.raises(TooLargeError, match="bytes; at most 1,000,000"):
        checked(allowed, messages=messages(1_000_001))


def test_attachments_are_reserved_for_as_what_they_are_and_not_as_text() -> None:
    data = base64.b64encode(bytes(900_000)).decode()

    def tokens(kind: str, content: object) -> int:
        return checked(messages=[{"role": "user", "content": [{"type": kind, kind: content}]}]).tokens_in

    url = f"data:image/png;base64,{data}"
    assert 300 < tokens("image_url", {"url": url, "detail": "low"}) < 400
    assert 2_500 < tokens("image_url", {"url": url, "detail": "high"}) < 2_600
    assert 12_000 < tokens("image_url", {"url": url, "detail": "original"}) < 12_100
    assert tokens("image_url", {"url": "https://x/y.png"}) > 2_500
    assert 150_000 < tokens("file", {"file_data": data, "filename": "a"}) < 150_100
    assert 2_250 < tokens("input_audio", {"data": data, "format": "mp3"}) < 2_350


def test_attachments_are_limited_in_number() -> None:
    part = {"type": "image_url", "image_url": {"url": "data:,"}}

    with pytest.raises(TooLargeError):
        checked(messages=[{"role": "user", "content": [part] * 501}])


def test_the_name_of_the_output_limit_can_be_set() -> None:
    assert sent(replace(SETTINGS, token_limit_name="max_completion_tokens"))["max_completion_tokens"] == 100


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
        b'{"message": "x", "messages": [{"role": "user", "content": "x"}], "top_p": 1e999}',
        b'{"message": "x", "message": "y"}',
        b'{"messages": [{"role": "user", "content": "x", "content": "y"}]}',
        b'{"messages": [{"role": "user", "content": "x", "name": "\\udfff"}], "message": "\\udfff"}',
        b'{"message": 5, "messages": [{"role": "user", "content": "x"}], "seed": ' + b"[" * 9994 + b"]" * 9994 + b"}",
        b'{"message": 5, "messages": [{"role": "user", "content": "x"}], "stop": ' + b"[" * 900 + b"]" * 900 + b"}",
    ],
)
def test_what_is_not_a_json_object_is_refused(body: bytes) -> None:
    for check in (CompletionRequest.from_chat, CompletionRequest.from_message):
        with pytest.raises(InvalidRequestError) as refused:
            check(body, SETTINGS)
        assert refused.value.status == 400


def test_the_plain_contract_becomes_a_streamed_chat() -> None:
    asked = CompletionRequest.from_message(b'{"message": "Hello"}', SETTINGS)

    assert asked.stream
    assert json.loads(asked.body)["messages"] == [USER]


@pytest.mark.parametrize("body", [b"{}", b'{"message": 5}', b'{"message": ""}', b'{"message": null}'])
def test_the_plain_contract_wants_a_message(body: bytes) -> None:
    with pytest.raises(InvalidRequestError):
        CompletionRequest.from_message(body, SETTINGS)
