"""The endpoint as OpenAI's Python client sees it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import openai
import pytest

from tests.integration.conftest import Function
from tests.support.raw_upstream import Cut, Pause, Step, answer, chunked, event, token

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionFunctionToolParam, ChatCompletionMessageParam


@pytest.fixture
def client(function: Function) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{function.url}/api/v1", api_key="any", max_retries=0) as client:
        yield client


def ask(client: openai.OpenAI, text: str = "Hello", model: str = "small") -> str:
    with client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": text}], stream=True
    ) as stream:
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream)


def test_streaming(client: openai.OpenAI) -> None:
    assert ask(client) == "Hello"


def test_streaming_with_usage(client: openai.OpenAI) -> None:
    with client.chat.completions.create(
        model="small",
        messages=[{"role": "user", "content": "Hello"}],
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        last = list(stream)[-1]

    assert last.usage is not None
    assert last.usage.total_tokens == 9


def test_not_streaming(function: Function, client: openai.OpenAI) -> None:
    message = {"role": "assistant", "content": "Hello"}
    function.upstream.script = answer(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    completion = client.chat.completions.create(model="small", messages=[{"role": "user", "content": "Hello"}])

    assert completion.choices[0].message.content == "Hello"


def test_a_tool_is_called_and_its_result_sent_back(function: Function, client: openai.OpenAI) -> None:
    begun = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "add", "arguments": ""}}
    deltas: list[dict[str, object]] = [{"role": "assistant", "tool_calls": [begun]}]
    deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in ('{"a":', "2}")]
    choices: list[dict[str, object]] = [{"index": 0, "delta": one, "finish_reason": None} for one in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": "tool_calls"})
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "small"}
    called = [event(chunk | {"choices": [choice]}) for choice in choices]
    tool: ChatCompletionFunctionToolParam = {
        "type": "function",
        "function": {"name": "add", "strict": True, "parameters": {"type": "object", "properties": {}}},
    }
    question: list[ChatCompletionMessageParam] = [{"role": "user", "content": "2+2?"}]

    function.upstream.script = chunked(*called, b"data: [DONE]\n\n")
    with client.chat.completions.stream(model="small", messages=question, tools=[tool]) as stream:
        message = stream.get_final_completion().choices[0].message
    function.upstream.script = chunked(token("4"), b"data: [DONE]\n\n")
    result: ChatCompletionMessageParam = {"role": "tool", "tool_call_id": "call_1", "content": "4"}
    again: Any = [*question, message, result]
    client.chat.completions.create(model="small", messages=again, tools=[tool], stream=True).close()

    assert message.tool_calls is not None
    assert message.tool_calls[0].function.arguments == '{"a":2}'
    first, second = function.upstream.requests
    assert first.body["tools"] == [tool]
    messages: Any = second.body["messages"]
    assert [each["role"] for each in messages] == ["user", "assistant", "tool"]
    assert messages[1]["tool_calls"][0]["function"]["name"] == "add"


def test_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["small", "large"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_upstreams_refusals(
    function: Function, client: openai.OpenAI, status: int, kind: type[openai.APIStatusError]
) -> None:
    function.upstream.script = answer(status, {"error": {"message": "No"}}, {"retry-after": "3"})

    with pytest.raises(kind) as raised:
        ask(client)

    assert raised.value.code
    if status == 429:
        assert raised.value.response.headers["retry-after"] == "3"


def test_our_own_refusals(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        ask(client, model="huge")
    assert unknown.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as empty:
        ask(client, text=" ")
    assert empty.value.param == "messages[0].content"
    with pytest.raises(openai.APIStatusError) as too_large:
        ask(client, text="x" * 1001)
    assert too_large.value.status_code == 413


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ((Cut,), "upstream_incomplete"),
        ((b"data: {broken\n\n",), "upstream_malformed"),
        ((event({"error": {"message": "x", "code": "overloaded"}}),), "overloaded"),
        ((Pause(5),), "upstream_timeout"),
    ],
)
def test_an_interruption_is_an_error_and_not_a_short_answer(
    function: Function, client: openai.OpenAI, rest: tuple[Step, ...], code: str
) -> None:
    function.upstream.script = chunked(token("Hi"), *rest)

    with pytest.raises(openai.APIError) as raised:
        ask(client)

    assert raised.value.code == code


def test_heartbeats_do_not_disturb(function: Function, client: openai.OpenAI) -> None:
    function.upstream.script = chunked(
        Pause(2), token("Hel"), Pause(0.7), b"id: 1\n" + token("l"), Pause(0.7), token("o"), b"data: [DONE]\n\n"
    )

    assert ask(client) == "Hello"
