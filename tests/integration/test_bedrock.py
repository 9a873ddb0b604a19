"""The function as it ships, with Bedrock behind it: no key anywhere, and each model's answers in OpenAI's form."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.integration.conftest import Function
from tests.support.bedrock import ACCESS_KEY, REGION, SECRET_KEY, SESSION_TOKEN, Bedrock

NOVA = "amazon.nova-lite-v1:0"
OPENAI = "openai.gpt-oss-120b-1:0"


@pytest.fixture(scope="module")
def bedrock() -> Iterator[Bedrock]:
    with Bedrock() as server:
        yield server


@pytest.fixture(scope="module")
def function(start_function: Callable[..., Function], bedrock: Bedrock) -> Iterator[Function]:
    with ExitStack() as stack:
        yield start_function(
            stack,
            UPSTREAM="bedrock",
            UPSTREAM_BASE_URL="https://api.openai.com/v1",
            MODELS=f"{NOVA},{OPENAI}",
            BEDROCK_GUARDRAIL="gr1:2",
            AWS_REGION=REGION,
            AWS_ACCESS_KEY_ID=ACCESS_KEY,
            AWS_SECRET_ACCESS_KEY=SECRET_KEY,
            AWS_SESSION_TOKEN=SESSION_TOKEN,
            AWS_ENDPOINT_URL_BEDROCK_RUNTIME=bedrock.url,
            AWS_ENDPOINT_URL_SSM="http://127.0.0.1:9",  # nobody asks it
        )


@pytest.fixture(autouse=True)
def _all_is_well(bedrock: Bedrock, function: Function) -> Iterator[None]:
    bedrock.requests.clear()
    yield
    assert bedrock.problems == []
    assert "key cannot be read" not in function.logs.text
    assert SECRET_KEY not in function.logs.text


def stream(bedrock: Bedrock, *words: str) -> None:
    texts = [("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}}) for word in words]
    counted = {"inputTokens": 7, "outputTokens": 2, "totalTokens": 9}
    bedrock.streams(
        ("messageStart", {"role": "assistant"}),
        *texts,
        ("contentBlockStop", {"contentBlockIndex": 0}),
        ("messageStop", {"stopReason": "end_turn"}),
        ("metadata", {"usage": counted, "metrics": {"latencyMs": 1}}),
    )


def test_a_streamed_answer_of_converse(function: Function, bedrock: Bedrock) -> None:
    stream(bedrock, "Hel", "lo")
    seen = len(function.logs.lines)

    reply = function.chat(max_completion_tokens=5)

    assert reply.status == 200
    assert reply.body.endswith(b"data: [DONE]\n\n")
    assert reply.body.count(b'"content": "') == 3
    _, sent, _ = bedrock.requests[0]
    assert sent["inferenceConfig"] == {"maxTokens": 5}
    assert sent["guardrailConfig"]["guardrailVersion"] == "2"
    line = function.logs.wait_for('"message":"request"', seen)
    assert (line["model"], line["tokens_in"], line["tokens_out"], line["finish_reason"]) == (NOVA, 7, 2, "stop")


def test_plain_text(function: Function, bedrock: Bedrock) -> None:
    stream(bedrock, "Hel", "lo")

    assert function.send("POST", "/api/", {"message": "Hello"}).body == b"Hello"


def test_an_answer_of_converse_that_is_not_streamed(function: Function, bedrock: Bedrock) -> None:
    bedrock.says(
        {
            "output": {"message": {"role": "assistant", "content": [{"text": "Hello"}]}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 7, "outputTokens": 2, "totalTokens": 9},
            "metrics": {"latencyMs": 1},
        }
    )

    reply = function.send("POST", "/api/v1/chat/completions", {"messages": [{"role": "user", "content": "Hi"}]})

    assert reply.status == 200
    assert json.loads(reply.body)["choices"][0]["message"]["content"] == "Hello"


def test_openais_models_get_their_own_name_of_the_limit(function: Function, bedrock: Bedrock) -> None:
    said = b'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    bedrock.answers.append((200, {"content-type": "text/event-stream"}, [said]))

    assert function.chat(model=OPENAI, max_tokens=5).body == said

    path, sent, _ = bedrock.requests[0]
    assert path == "/openai/v1/chat/completions"
    assert sent["max_completion_tokens"] == 5
    assert "max_tokens" not in sent


@pytest.mark.parametrize("streamed", [True, False])
def test_a_refusal_keeps_its_status_and_reason(function: Function, bedrock: Bedrock, *, streamed: bool) -> None:
    bedrock.refuses(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.")
    request = {"messages": [{"role": "user", "content": "Hi"}], "stream": streamed}

    reply = function.send("POST", "/api/v1/chat/completions", request)

    assert reply.status == 403
    assert reply.error["code"] == "AccessDeniedException"
    assert "access to the model" in str(reply.error["message"])


def test_an_exception_in_the_stream_is_told_in_band(function: Function, bedrock: Bedrock) -> None:
    bedrock.streams(
        ("messageStart", {"role": "assistant"}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Hel"}}),
        ("modelStreamErrorException", {"message": "The model broke off"}),
    )

    body = function.chat().body

    assert b'"content": "Hel"' in body
    assert "The model broke off" in json.loads(body.rpartition(b"data: ")[2])["error"]["message"]


def test_what_converse_does_not_have_is_refused_before_it_is_asked(function: Function, bedrock: Bedrock) -> None:
    reply = function.chat(frequency_penalty=1)

    assert (reply.status, reply.error["param"]) == (400, "frequency_penalty")
    assert bedrock.requests == []
