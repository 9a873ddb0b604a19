"""The Responses API, as OpenAI's clients see it, over an upstream that answers with OpenAI's own types."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types.responses import FunctionToolParam, ResponseStreamEvent
from pydantic import TypeAdapter

from tests.integration.conftest import API_KEY, Function, Reply
from tests.integration.test_openai_node import run
from tests.support.raw_upstream import Cut, Pause, Step, answer, chunked
from tests.support.responses import ANSWER, created, delta, failed, incomplete, response
from tests.support.secrets import content

PATH = "/api/v1/responses"
QUESTION = {"input": content("Hello"), "stream": True}


@pytest.fixture
def client(function: Function) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{function.url}/api/v1", api_key="any", max_retries=0) as client:
        yield client


def events(body: bytes) -> list[ResponseStreamEvent]:
    """The events of a stream as OpenAI's types have them; comments are skipped."""
    adapter: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)
    blocks = [block for block in body.decode().split("\n\n") if block and not block.startswith(":")]
    return [adapter.validate_json(block.partition("\ndata: ")[2]) for block in blocks]


def logged(function: Function, reply: Reply, seen: int) -> dict[str, object]:
    """The log line of a request."""
    return function.logs.wait_for(f'"request_id":"{reply.headers["x-request-id"]}"', seen)


def test_a_streamed_response_is_upstreams_bytes_and_is_logged(function: Function) -> None:
    seen = len(function.logs.lines)
    function.upstream.script = chunked(*ANSWER)

    reply = function.send("POST", PATH, {**QUESTION, "instructions": "Be brief."})

    assert (reply.status, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert reply.body == b"".join(ANSWER)
    (request,) = function.upstream.requests
    assert (request.path, request.headers["authorization"]) == ("/v1/responses", f"Bearer {API_KEY}")
    assert (request.body["store"], request.body["max_output_tokens"]) == (False, 4096)
    line = logged(function, reply, seen)
    assert (line["route"], line["model"], line["finish_reason"]) == ("/v1/responses", "small", "completed")
    assert (line["tokens_in"], line["tokens_out"]) == (70, 20)


def test_openais_python_client(function: Function, client: openai.OpenAI) -> None:
    function.upstream.script = chunked(*ANSWER)

    with client.responses.stream(model="small", input="Hello") as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()

    assert text == final.output_text == "Hello"


def test_openais_python_client_without_a_stream(function: Function, client: openai.OpenAI) -> None:
    function.upstream.script = answer(200, response("Hello").model_dump(mode="json"), {"x-request-id": "up"})

    raw = client.responses.with_raw_response.create(model="small", input="Hello")

    assert raw.parse().output_text == "Hello"
    assert raw.headers["x-upstream-request-id"] == "up"


def test_openais_javascript_client(function: Function) -> None:
    function.upstream.script = chunked(*ANSWER)
    assert run(function, "response") == {"result": "Hello"}

    function.upstream.script = answer(200, response("Hello").model_dump(mode="json"))
    assert run(function, "wholeResponse") == {"result": "Hello"}

    assert run(function, "model", "large") == {"result": "large"}
    assert run(function, "model", "huge")["code"] == "model_not_found"


def test_a_tool_is_called(function: Function, client: openai.OpenAI) -> None:
    call = {"type": "function_call", "id": "fc", "call_id": "c", "name": "f", "arguments": "{}", "status": "completed"}
    function.upstream.script = answer(200, response().model_dump(mode="json") | {"output": [call]})
    tool: FunctionToolParam = {
        "type": "function",
        "name": "f",
        "parameters": {"type": "object", "properties": {}},
        "strict": False,
    }

    answered = client.responses.create(model="small", input="Call f.", tools=[tool])
    function.upstream.script = chunked(*ANSWER)
    again: Any = [*answered.output, {"type": "function_call_output", "call_id": "c", "output": "4"}]
    with client.responses.stream(model="small", input=again, tools=[tool]) as stream:
        assert stream.get_final_response().output_text == "Hello"

    given: Any = function.upstream.requests[1].body["input"]
    assert [item["type"] for item in given] == ["function_call", "function_call_output"]


def test_a_response_that_is_cut_by_the_limit_is_no_error(function: Function) -> None:
    seen = len(function.logs.lines)
    function.upstream.script = chunked(created(), delta("Hel", 1), incomplete("Hel", 2))

    reply = function.send("POST", PATH, QUESTION)

    assert events(reply.body)[-1].type == "response.incomplete"
    line = logged(function, reply, seen)
    assert (line["finish_reason"], "error_code" in line) == ("max_output_tokens", False)


@pytest.mark.parametrize("after", [(Pause(2),), (Cut,), (delta("more", 4), Pause(2)), (b"data: [DONE]\n\n",)])
def test_a_response_is_over_when_it_is_completed(function: Function, after: tuple[Step, ...]) -> None:
    function.upstream.script = chunked(*ANSWER, *after)

    assert function.send("POST", PATH, QUESTION).body == b"".join(ANSWER)


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ((Cut,), "upstream_incomplete"),
        ((), "upstream_incomplete"),
        ((b"data: [DONE]\n\n",), "upstream_incomplete"),
        ((b"data: {broken\n\n",), "upstream_malformed"),
        ((failed("rate_limit_exceeded", f"Slow down, {API_KEY}", 2),), "rate_limit_exceeded"),
        ((b'event: error\ndata: {"type":"error","code":"invalid_prompt","message":"No."}\n\n',), "invalid_prompt"),
        ((Pause(5),), "upstream_timeout"),
    ],
    ids=["cut", "end", "done", "malformed", "failed", "error", "silent"],
)
def test_an_interruption_is_told_in_the_apis_own_events(function: Function, rest: tuple[Step, ...], code: str) -> None:
    seen = len(function.logs.lines)
    function.upstream.script = chunked(created(), delta("Hel", 1), *rest)

    reply = function.send("POST", PATH, QUESTION)

    *before, error, last = events(reply.body)
    assert [event.type for event in before] == ["response.created", "response.output_text.delta"]
    assert error.type == "error"
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert error.code == code
    assert last.response.error.code == ("server_error" if code.startswith("upstream_") else code)
    assert [event.sequence_number for event in (*before, error, last)] == [0, 1, 2, 3]
    assert (last.response.id, last.response.status) == ("resp_1", "failed")
    assert API_KEY not in reply.body.decode()
    assert logged(function, reply, seen)["error_code"] == code


def test_clients_see_an_interruption_as_one(function: Function, client: openai.OpenAI) -> None:
    function.upstream.script = chunked(created(), delta("Hel", 1), Cut)

    seen = [event.type for event in client.responses.create(model="small", input="Hello", stream=True)]

    assert seen[-2:] == ["error", "response.failed"]
    assert run(function, "response")["code"] == "server_error"


def test_silence_becomes_heartbeats(function: Function) -> None:
    function.upstream.script = (Pause(2), *chunked(*ANSWER[:2], Pause(0.7), *ANSWER[2:]))

    body = function.send("POST", PATH, QUESTION).body

    assert body.startswith(b": ping\n\n")
    assert body.replace(b": ping\n\n", b"") == b"".join(ANSWER)


@pytest.mark.parametrize(
    "script",
    [
        answer(404, {"detail": "Not Found"}),
        answer(404, {"error": {"message": "Unknown request URL", "code": "unknown_url"}}),
        (b"HTTP/1.1 404 X\r\ncontent-length: 18\r\n\r\n404 page not found",),
        answer(405, {"error": "no"}),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_an_upstream_without_it(function: Function, script: tuple[Step, ...], stream: bool) -> None:  # noqa: FBT001  # parameter
    function.upstream.script = script

    reply = function.send("POST", PATH, QUESTION | {"stream": stream})

    assert (reply.status, reply.error["code"]) == (404, "not_offered_by_upstream")


def test_upstreams_refusal_keeps_its_status(function: Function) -> None:
    function.upstream.script = answer(404, {"error": {"message": "No such model", "code": "model_not_found"}})
    assert function.send("POST", PATH, QUESTION).error["code"] == "model_not_found"

    function.upstream.script = answer(429, {"error": {"message": "Slow down"}}, {"retry-after": "7"})
    reply = function.send("POST", PATH, QUESTION)
    assert (reply.status, reply.headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize("said", [["text"], {"output": "text"}, {}, "text"])
def test_a_whole_answer_that_is_no_response(function: Function, said: object) -> None:
    function.upstream.script = answer(200, said)

    reply = function.send("POST", PATH, QUESTION | {"stream": False})

    assert (reply.status, reply.error["code"]) == (502, "upstream_malformed")


def test_what_would_be_kept_is_refused_before_upstream_is_asked(function: Function) -> None:
    reply = function.send("POST", PATH, QUESTION | {"previous_response_id": "resp_1"})

    assert (reply.status, reply.error["param"]) == (400, "previous_response_id")
    assert function.upstream.requests == []


def test_upstreams_headers_reach_the_client(function: Function) -> None:
    head, *body = chunked(*ANSWER)
    assert isinstance(head, bytes)
    function.upstream.script = (head.replace(b"\r\n\r\n", b"\r\nx-ratelimit-remaining-tokens: 5\r\n\r\n"), *body)

    assert function.send("POST", PATH, QUESTION).headers["x-upstream-ratelimit-remaining-tokens"] == "5"


def test_one_model(client: openai.OpenAI) -> None:
    assert client.models.retrieve("large").id == "large"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("huge")
