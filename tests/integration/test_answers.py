"""What the endpoint answers when all is well."""

import json

import pytest

from tests.integration.conftest import API_KEY, Function
from tests.support.raw_upstream import ANSWER, DONE, FINISH, USAGE, Gate, Pause, answer, streamed, token

QUESTION = {"messages": [{"role": "user", "content": "Hello"}]}
COMPLETION = {
    "id": "c",
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9},
}


@pytest.mark.parametrize("path", ["/api/v1/chat/completions", "/api/v1/chat/completions/"])
def test_a_streamed_completion_is_upstreams_bytes(function: Function, path: str) -> None:
    reply = function.send("POST", path, {**QUESTION, "stream": True, "stream_options": {"include_usage": True}})

    assert reply.status == 200
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-request-id"]
    assert reply.body == b"".join(ANSWER)


def test_usage_that_was_not_asked_for_is_not_passed_on(function: Function) -> None:
    assert function.chat().body == b"".join(step for step in ANSWER if step is not USAGE)


def test_each_token_passes_before_the_next_exists(function: Function) -> None:
    first, second = Gate(), Gate()
    function.upstream.script = streamed(token("one"), first, token("two"), second, FINISH, DONE)

    with function.open("POST", "/api/v1/chat/completions", {**QUESTION, "stream": True}) as response:
        assert response.read1() == token("one")
        first.open()
        assert response.read1() == token("two")
        second.open()
        assert response.read() == FINISH + DONE


def test_the_plain_contract_streams_text(function: Function) -> None:
    gate = Gate()
    function.upstream.script = streamed(token("Hel"), gate, token("lo"), FINISH, DONE)

    with function.open("POST", "/api/", {"message": "Hello"}) as response:
        assert response.getheader("content-type") == "text/plain; charset=utf-8"
        assert response.read1() == b"Hel"
        gate.open()
        assert response.read() == b"lo"


def test_a_character_divided_over_packets_arrives_whole(function: Function) -> None:
    event = token("日本語 😀")
    middle = event.index("本".encode()) + 1
    function.upstream.script = streamed(event[:middle], Pause(0.05), event[middle:], FINISH, DONE)

    assert function.send("POST", "/api/", {"message": "Hello"}).body.decode() == "日本語 😀"


def test_a_completion_that_is_not_streamed(function: Function) -> None:
    function.upstream.script = answer(200, COMPLETION)

    reply = function.send("POST", "/api/v1/chat/completions", QUESTION)

    assert reply.status == 200
    assert reply.json == COMPLETION
    assert "stream_options" not in function.upstream.requests[0].body


def test_upstream_gets_the_key_and_the_checked_request(function: Function) -> None:
    function.chat(model="large", temperature=0.5, max_tokens=5)

    request = function.upstream.requests[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {API_KEY}"
    assert request.headers["accept-encoding"] == "identity"
    assert request.body == {
        **QUESTION,
        "model": "large",
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "max_tokens": 5,
    }


def test_a_body_that_the_function_url_encodes_in_base64(function: Function) -> None:
    """What curl sends by default: a form's content type, which a Function URL takes for binary."""
    body = json.dumps({"message": "Hello"}).encode()

    assert function.send("POST", "/api/", body).body == b"Hello"


def test_models(function: Function) -> None:
    reply = function.send("GET", "/api/v1/models")

    assert reply.json["object"] == "list"
    models = reply.json["data"]
    assert isinstance(models, list)
    assert [model["id"] for model in models] == ["small", "large"]


def test_health_does_not_touch_upstream(function: Function) -> None:
    assert function.send("GET", "/api/health").json == {"status": "ok"}
    assert function.upstream.requests == []


def test_a_request_leaves_one_log_line_and_one_set_of_metrics_without_content(function: Function) -> None:
    seen = len(function.logs.lines)

    reply = function.chat("a very private question")

    # Of this request: the last test's may still be on its way through the pipe.
    own = f'"request_id":"{reply.headers["x-request-id"]}"'
    line = function.logs.wait_for(own, seen)
    assert line["message"] == "request"
    assert line["request_id"] == reply.headers["x-request-id"]
    assert (line["route"], line["status"], line["model"]) == ("/v1/chat/completions", 200, "small")
    assert (line["tokens_in"], line["tokens_out"], line["finish_reason"]) == (7, 2, "stop")
    assert isinstance(line["first_token_ms"], float)
    assert isinstance(line["duration_ms"], float)
    metrics = function.logs.wait_for(own, 1 + next(at for at, line in enumerate(function.logs.lines) if own in line))
    assert (metrics["Requests"], metrics["Errors"], metrics["TokensIn"], metrics["TokensOut"]) == ([1], [0], [7], [2])
    assert len([line for line in function.logs.lines if own in line]) == 2
    assert "private" not in function.logs.text
    assert API_KEY not in function.logs.text
