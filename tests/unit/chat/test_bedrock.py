"""Bedrock: signed with the function's own role, OpenAI's models byte by byte, all others through Converse."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chat.errors import ApiError, UpstreamIncompleteError
from chat.http1.pool import Pool
from chat.model.openai_client import OpenAIClient
from chat.model.upstream import Upstream
from chat.model.upstreams.bedrock import Bedrock as Service
from tests.support.bedrock import ACCESS_KEY, REGION, SECRET_KEY, SESSION_TOKEN, Bedrock, event, frame
from tests.support.secrets import secret

CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
PROFILE = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc123"
QUESTION = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 50}


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bedrock]:
    for name, value in {
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SESSION_TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    with Bedrock() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url)
        yield server
    assert server.problems == []


@pytest.fixture
def ask(bedrock: Bedrock) -> Iterator[Callable[..., bytes]]:
    """Sends a request as the function does, and gives the whole body of its answer."""
    pool = Pool(bedrock.url, 5)

    def asking(model: str, *, stream: bool = True, guardrail: str | None = None, **asked: object) -> bytes:
        service = Service(guardrail)
        if stream:
            upstream = Upstream(service, lambda: pool, 20, streamed=True)
        else:
            client = OpenAIClient(service.url, 5, 20)
            upstream = Upstream(service, lambda: client, 20, streamed=False)
        source = upstream.open(json.dumps({**QUESTION, **asked, "model": model, "stream": stream}).encode())
        body = b""
        try:
            while (piece := source.read(20)) is not None:
                body += piece
        finally:
            source.close()
        return body

    yield asking
    pool.forget()


def chunks(body: bytes) -> list[dict[str, Any]]:
    """The chunks of a streamed answer, checked for what all have."""
    *events, last, nothing = body.split(b"\n\n")
    assert (last, nothing) == (b"data: [DONE]", b"")
    found: list[dict[str, Any]] = [json.loads(each.removeprefix(b"data: ")) for each in events]
    assert len({(each["id"], each["created"], each["model"], each["object"]) for each in found}) == 1
    assert found[0]["object"] == "chat.completion.chunk"
    return found


def deltas(body: bytes) -> list[dict[str, Any]]:
    return [chunk["choices"][0]["delta"] for chunk in chunks(body) if chunk["choices"]]


START = ("messageStart", {"role": "assistant"})
USAGE = ("metadata", {"usage": {"inputTokens": 7, "outputTokens": 2, "totalTokens": 9}, "metrics": {"latencyMs": 1}})


def text(words: str, index: int = 0) -> tuple[str, dict[str, Any]]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"text": words}}


def stop(index: int = 0) -> tuple[str, dict[str, Any]]:
    return "contentBlockStop", {"contentBlockIndex": index}


def end(reason: str = "end_turn") -> tuple[str, dict[str, Any]]:
    return "messageStop", {"stopReason": reason}


@pytest.mark.parametrize("cut", [None, 1, 7, 100])
def test_a_stream_of_converse_becomes_chunks(bedrock: Bedrock, ask: Callable[..., bytes], cut: int | None) -> None:
    bedrock.streams(START, text("Grüß "), text("Gott 😀"), stop(), end(), USAGE, cut=cut)

    body = ask(CLAUDE)

    assert deltas(body) == [{"role": "assistant", "content": ""}, {"content": "Grüß "}, {"content": "Gott 😀"}, {}]
    assert chunks(body)[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks(body)[-1]["choices"] == []
    assert chunks(body)[-1]["usage"]["prompt_tokens"] == 7
    assert chunks(body)[-1]["usage"]["completion_tokens"] == 2
    path, sent, _ = bedrock.requests[0]
    assert path == "/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream"
    assert sent == {
        "messages": [{"role": "user", "content": [{"text": "Hello"}]}],
        "inferenceConfig": {"maxTokens": 50},
    }


def test_each_token_comes_when_it_comes(bedrock: Bedrock) -> None:
    pool = Pool(bedrock.url, 5)
    bedrock.answers.append((200, {"content-type": "application/vnd.amazon.eventstream"}, [event(*START), b"\0"]))
    source = Upstream(Service(None), lambda: pool, 20, streamed=True).open(
        json.dumps({**QUESTION, "model": CLAUDE, "stream": True}).encode()
    )

    assert b'"role": "assistant"' in (source.read(20) or b"")

    source.close()
    pool.forget()


def test_tools_and_thoughts_are_streamed(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    tools = [("a", "t-1"), ("b", "t-2")]
    bedrock.streams(
        START,
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "Hm."}}}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"reasoningContent": {"signature": "s"}}}),
        stop(),
        text("Look:", 1),
        stop(1),
        *[
            each
            for at, (name, identifier) in enumerate(tools, 2)
            for each in (
                (
                    "contentBlockStart",
                    {"contentBlockIndex": at, "start": {"toolUse": {"toolUseId": identifier, "name": name}}},
                ),
                ("contentBlockDelta", {"contentBlockIndex": at, "delta": {"toolUse": {"input": '{"x":'}}}),
                ("contentBlockDelta", {"contentBlockIndex": at, "delta": {"toolUse": {"input": " 1}"}}}),
                stop(at),
            )
        ],
        end("tool_use"),
        USAGE,
    )

    body = ask(CLAUDE)

    found = deltas(body)
    assert [each["reasoning_content"] for each in found if "reasoning_content" in each] == ["Hm."]
    calls = [call for each in found for call in each.get("tool_calls", [])]
    assert [call["id"] for call in calls if "id" in call] == ["t-1", "t-2"]
    assert [
        "".join(call["function"]["arguments"] for call in calls if call["index"] == index) for index in range(2)
    ] == ['{"x": 1}'] * 2
    assert chunks(body)[-2]["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("guardrail_intervened", "content_filter"),
        ("content_filtered", "content_filter"),
    ],
)
def test_why_it_ended(bedrock: Bedrock, ask: Callable[..., bytes], reason: str, finish: str) -> None:
    bedrock.streams(START, text("x"), stop(), end(reason))

    assert chunks(ask(CLAUDE))[-1]["choices"][0]["finish_reason"] == finish


def test_the_prompts_cache_is_part_of_the_prompt(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    counted = {"inputTokens": 1, "outputTokens": 2, "totalTokens": 33}
    counted |= {"cacheReadInputTokens": 10, "cacheWriteInputTokens": 20}
    bedrock.streams(START, end(), ("metadata", {"usage": counted, "metrics": {"latencyMs": 1}}))

    usage = chunks(ask(CLAUDE))[-1]["usage"]

    assert usage == {
        "prompt_tokens": 31,
        "completion_tokens": 2,
        "total_tokens": 33,
        "prompt_tokens_details": {"cached_tokens": 10},
    }


def test_an_answer_that_is_not_streamed(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    content = [
        {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "s"}}},
        {"text": "Grüß "},
        {"text": "Gott"},
        {"toolUse": {"toolUseId": "t-1", "name": "look", "input": {"x": 1}}},
    ]
    bedrock.says(
        {
            "output": {"message": {"role": "assistant", "content": content}},
            "stopReason": "tool_use",
            "usage": {"inputTokens": 7, "outputTokens": 2, "totalTokens": 9},
            "metrics": {"latencyMs": 1},
        }
    )

    answer = json.loads(ask(CLAUDE, stream=False))

    assert bedrock.requests[0][0].endswith("/converse")
    assert (answer["object"], answer["model"], answer["usage"]["total_tokens"]) == ("chat.completion", CLAUDE, 9)
    assert answer["choices"] == [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Grüß Gott",
                "reasoning_content": "Hm.",
                "tool_calls": [
                    {"id": "t-1", "type": "function", "function": {"name": "look", "arguments": '{"x": 1}'}}
                ],
            },
            "finish_reason": "tool_calls",
        }
    ]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("model", ["openai.gpt-oss-120b-1:0", "us.openai.gpt-5-v1:0"])
def test_openais_models_take_openais_bytes(
    bedrock: Bedrock, ask: Callable[..., bytes], model: str, *, stream: bool
) -> None:
    said = b'data: {"choices":[]}\n\ndata: [DONE]\n\n' if stream else b'{"choices": []}'
    bedrock.answers.append((200, {"content-type": "text/event-stream" if stream else "application/json"}, [said]))

    assert ask(model, stream=stream, guardrail="gr-1:DRAFT") == said

    path, sent, signed = bedrock.requests[0]
    assert path == "/openai/v1/chat/completions"
    assert sent == {**QUESTION, "model": model, "stream": stream}
    assert signed["x-amzn-bedrock-guardrailidentifier"] == "gr-1"
    assert signed["x-amzn-bedrock-guardrailversion"] == "DRAFT"


def test_a_guardrail_is_asked_for(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    bedrock.streams(START, end())
    arn = "arn:aws:bedrock:eu-central-1:123456789012:guardrail/gr1"

    ask(CLAUDE, guardrail=f"{arn}:3")

    config = bedrock.requests[0][1]["guardrailConfig"]
    assert config == {"guardrailIdentifier": arn, "guardrailVersion": "3"}


def test_a_profile_of_the_accounts_own_is_named_by_its_arn(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    bedrock.streams(START, end())

    ask(PROFILE)

    assert "%2F" in bedrock.requests[0][0]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (400, "ValidationException", 400),
        (403, "AccessDeniedException", 403),
        (404, "ResourceNotFoundException", 404),
        (408, "ModelTimeoutException", 504),
        (424, "ModelErrorException", 502),
        (429, "ThrottlingException", 429),
        (500, "InternalServerException", 502),
        (503, "ServiceUnavailableException", 503),
    ],
)
def test_refusals(  # noqa: PLR0913  # a table
    bedrock: Bedrock, ask: Callable[..., bytes], status: int, kind: str, told: int, *, stream: bool
) -> None:
    role = "arn:aws:sts::123456789012:assumed-role/chat/chat"
    bedrock.refuses(status, kind, f"User: {role} is not allowed; {secret(SESSION_TOKEN)}")

    with pytest.raises(ApiError, match="is not allowed") as refused:
        ask(CLAUDE, stream=stream)

    assert refused.value.status == told
    assert "123456789012" not in refused.value.message
    assert SESSION_TOKEN not in refused.value.message
    if told == status < 500:
        assert refused.value.code == kind


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("throttlingException", 429),
        ("validationException", 400),
        ("modelStreamErrorException", 502),
        ("internalServerException", 502),
        ("serviceUnavailableException", 503),
    ],
)
@pytest.mark.parametrize("before", [(), (START, text("Hi"))], ids=["at once", "in the middle"])
def test_exceptions_in_the_stream(
    bedrock: Bedrock, ask: Callable[..., bytes], kind: str, told: int, before: tuple[Any, ...]
) -> None:
    bedrock.streams(*before, (kind, {"message": "Not now"}))

    with pytest.raises(ApiError, match="Not now") as refused:
        ask(CLAUDE)

    assert refused.value.status == told


def test_what_came_before_an_exception_is_not_lost(bedrock: Bedrock) -> None:
    bedrock.streams(START, text("Hi"), ("throttlingException", {"message": "Not now"}))
    pool = Pool(bedrock.url, 5)
    source = Upstream(Service(None), lambda: pool, 20, streamed=True).open(
        json.dumps({**QUESTION, "model": CLAUDE, "stream": True}).encode()
    )

    assert b'"content": "Hi"' in (source.read(20) or b"")
    for _ in range(2):
        with pytest.raises(ApiError, match="Not now"):
            source.read(20)

    source.close()
    pool.forget()


def test_errors_that_are_no_exceptions_of_the_model(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    headers = {":message-type": "error", ":error-code": "InternalError", ":error-message": "Broken"}
    bedrock.answers.append((200, {"content-type": "application/vnd.amazon.eventstream"}, [frame(headers, b"")]))

    with pytest.raises(ApiError, match="Broken"):
        ask(CLAUDE)


WELL = event(*START)


@pytest.mark.parametrize(
    "data",
    [
        b"data: {}\n\n" * 10,
        WELL[:-1] + b"\0",
        WELL[:8] + b"\0" + WELL[9:],
        frame({":message-type": "event", ":event-type": "contentBlockDelta"}, b"{}"),
        frame({":message-type": "event", ":event-type": "contentBlockDelta"}, b"[1]"),
        frame({":message-type": "event", ":event-type": "contentBlockDelta"}, b"{"),
        frame({":message-type": "exception", ":exception-type": "x"}, b"["),
        b"\xff" * 40,
    ],
)
def test_what_is_no_stream_of_events_is_an_error(bedrock: Bedrock, ask: Callable[..., bytes], data: bytes) -> None:
    bedrock.answers.append((200, {"content-type": "application/vnd.amazon.eventstream"}, [data]))

    with pytest.raises(UpstreamIncompleteError):
        ask(CLAUDE)


def test_a_stream_that_ends_too_early_has_no_done(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    bedrock.streams(START, text("Hi"))

    assert b"[DONE]" not in ask(CLAUDE)


def test_kinds_of_events_that_are_not_known_are_passed_over(bedrock: Bedrock, ask: Callable[..., bytes]) -> None:
    new = frame({":message-type": "event", ":event-type": "somethingNew"}, b"{}")
    pieces = [event(*START), new, event(*text("Hi")), event(*end())]
    bedrock.answers.append((200, {"content-type": "application/vnd.amazon.eventstream"}, pieces))

    assert {"content": "Hi"} in deltas(ask(CLAUDE))


@pytest.mark.parametrize("said", [b"[]", b"{}", b"{", b'{"output": {"message": {"content": [1]}}}'])
def test_what_is_no_answer_of_converse_is_an_error(bedrock: Bedrock, ask: Callable[..., bytes], said: bytes) -> None:
    bedrock.answers.append((200, {"content-type": "application/json"}, [said]))

    with pytest.raises(UpstreamIncompleteError):
        ask(CLAUDE, stream=False)


def test_without_credentials_nothing_is_asked(bedrock: Bedrock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    with pytest.raises(ApiError) as refused:
        Service(None).request(json.dumps({**QUESTION, "model": CLAUDE, "stream": True}).encode(), "/chat/completions")

    assert (refused.value.status, refused.value.code) == (503, "api_key_unavailable")
    assert bedrock.requests == []
