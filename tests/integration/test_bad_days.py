"""Every bad input and every bad day upstream: a clear error, nothing leaked, and the next request is served."""

import json
from collections.abc import Iterator

import pytest

from tests.integration.conftest import API_KEY, Function
from tests.support.raw_upstream import DONE, FINISH, Cut, Pause, Step, answer, chunked, event, streamed, token

QUESTION = {"messages": [{"role": "user", "content": "Hello"}]}
# A request that ends in the parameter at fault; streamed or not, it is refused alike.
SAID = b'{"messages": [{"role": "user", "content": "Hello"}], "stream": false, '
LEAKS = (API_KEY, "Traceback", "127.0.0.1", "/v1/secret", "lambda_src", "site-packages")


@pytest.fixture(autouse=True)
def _serves_the_next_request_in_the_same_process(function: Function) -> Iterator[None]:
    function.chat()
    pids = function.pids
    function.upstream.reset()
    yield
    function.upstream.reset()
    assert b"[DONE]" in function.chat().body
    assert function.pids == pids
    assert API_KEY not in function.logs.text


def in_band(body: bytes) -> tuple[bytes, dict[str, object]]:
    """What came before the error, and the error that ends a stream."""
    before, _, last = body.rpartition(b"data: ")
    assert last.endswith(b"\n\n")
    error = json.loads(last)["error"]
    assert set(error) == {"message", "type", "code", "param"}
    assert b"[DONE]" not in body
    return before, error


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/v1/chat/completions", b"{nonsense", 400, "invalid_json"),
        ("POST", "/api/v1/chat/completions", b"", 400, "invalid_json"),
        ("POST", "/api/v1/chat/completions", b"\xff\xfe", 400, "invalid_json"),
        ("POST", "/api/v1/chat/completions", b"[1]", 400, "invalid_request"),
        ("POST", "/api/v1/chat/completions", SAID + b'"top_p": 1e999}', 400, "invalid_json"),
        ("POST", "/api/v1/chat/completions", SAID + b'"top_p": NaN}', 400, "invalid_json"),
        ("POST", "/api/v1/chat/completions", SAID + b'"top_p": 1, "top_p": 1}', 400, "invalid_json"),
        ("POST", "/api/v1/chat/completions", SAID + b'"user": "\\ud800"}', 400, "invalid_json"),
        (
            "POST",
            "/api/v1/chat/completions",
            SAID + b'"stop": ' + b"[" * 900 + b"]" * 900 + b"}",
            400,
            "invalid_request",
        ),
        ("POST", "/api/v1/chat/completions", SAID + b'"stop": ' + b"[" * 9994 + b"]" * 9994 + b"}", 400, None),
        ("POST", "/api/v1/chat/completions", {"messages": 5}, 400, "invalid_request"),
        ("POST", "/api/v1/chat/completions", {"messages": [{"role": "user", "content": ""}]}, 400, "empty_message"),
        ("POST", "/api/v1/chat/completions", {**QUESTION, "model": "huge"}, 404, "model_not_found"),
        ("POST", "/api/v1/chat/completions", {**QUESTION, "n": 9}, 400, "unsupported_parameter"),
        ("POST", "/api/v1/chat/completions", {**QUESTION, "temperature": 9}, 400, "invalid_request"),
        ("POST", "/api/", {"message": ""}, 400, "empty_message"),
        ("POST", "/api/", {"message": 5}, 400, "invalid_request"),
        ("POST", "/api/", {"message": "x" * 1001}, 413, "input_too_large"),
        ("GET", "/api/", None, 405, "method_not_allowed"),
        ("DELETE", "/api/v1/models", None, 405, "method_not_allowed"),
        ("GET", "/api/v1/chat/completions", None, 405, "method_not_allowed"),
        ("GET", "/api/nothing", None, 404, "unknown_path"),
        ("POST", "/api/v1", {}, 404, "unknown_path"),
    ],
)
def test_bad_input(  # noqa: PLR0913, PLR0917  # a table
    function: Function, method: str, path: str, body: object, status: int, code: str | None
) -> None:
    reply = function.send(method, path, body)

    assert reply.status == status
    assert code is None or reply.error["code"] == code
    assert reply.headers["content-type"] == "application/json"
    assert function.upstream.requests == []


def test_a_wrong_method_is_told_the_right_one(function: Function) -> None:
    assert function.send("GET", "/api/").headers["allow"] == "POST"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("upstream_status", "status", "kind"),
    [
        (400, 400, "invalid_request_error"),
        (401, 401, "authentication_error"),
        (403, 403, "permission_error"),
        (404, 404, "invalid_request_error"),
        (422, 422, "invalid_request_error"),
        (429, 429, "rate_limit_error"),
        (500, 502, "upstream_error"),
        (503, 503, "upstream_error"),
    ],
)
def test_upstream_refuses(function: Function, upstream_status: int, status: int, kind: str, *, stream: bool) -> None:
    said = f"No, {API_KEY}: see http://127.0.0.1:9/v1/secret"
    function.upstream.script = answer(
        upstream_status, {"error": {"message": said, "code": "upstream_says_no", "param": None}}, {"retry-after": "17"}
    )

    reply = function.send("POST", "/api/v1/chat/completions", {**QUESTION, "stream": stream})

    assert reply.status == status
    assert reply.error["type"] == kind
    assert not [leak for leak in LEAKS if leak in reply.body.decode()]
    assert len(function.upstream.requests) == 1
    if status in {429, 503}:
        assert reply.headers["retry-after"] == "17"


def test_a_refused_key_is_logged_with_its_parameter_and_the_command_that_sets_it(function: Function) -> None:
    seen = len(function.logs.lines)
    function.upstream.script = answer(401, {"error": {"message": f"Incorrect API key provided: {API_KEY}"}})

    function.chat()

    line = function.logs.wait_for("refused the API key", seen)
    assert line["parameter"] == "/chat/openai-api-key"
    assert "aws ssm put-parameter" in str(line["remedy"])


@pytest.mark.parametrize("stream", [True, False])
def test_upstream_refuses_without_json(function: Function, *, stream: bool) -> None:
    function.upstream.script = (b"HTTP/1.1 400 X\r\ncontent-length: 4\r\n\r\nNope",)

    error = function.send("POST", "/api/v1/chat/completions", {**QUESTION, "stream": stream}).error

    assert (error["code"], error["message"]) == ("upstream_refused", "Nope")


@pytest.mark.parametrize("stream", [True, False])
def test_upstream_refuses_with_status_200(function: Function, *, stream: bool) -> None:
    function.upstream.script = answer(200, {"error": {"message": f"Busy, {API_KEY}", "code": 429}})

    reply = function.send("POST", "/api/v1/chat/completions", {**QUESTION, "stream": stream})

    assert reply.status == 429
    assert reply.error["message"] == "Busy, (key removed)"


@pytest.mark.parametrize("stream", [True, False])
def test_a_request_that_gets_no_answer_is_not_sent_again(function: Function, *, stream: bool) -> None:
    """Upstream may have acted on it, and what a model does is paid for."""
    seen = len(function.logs.lines)
    function.upstream.script = ()

    reply = function.send("POST", "/api/v1/chat/completions", {**QUESTION, "stream": stream})

    assert reply.status == 502
    assert reply.error["code"] == "upstream_unreachable"
    assert len(function.upstream.requests) == 1
    assert "protocol: " in str(function.logs.wait_for('"error_code":"upstream_unreachable"', seen)["reason"])


@pytest.mark.parametrize("first", [(token("Hi"),), (token("Hi"), token(" you"))])
@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ((Cut,), "upstream_incomplete"),
        ((b"data: {bro", Cut), "upstream_incomplete"),
        ((b"data: {broken\n\n", DONE), "upstream_malformed"),
        ((event({"error": {"message": f"{API_KEY} overloaded", "code": "overloaded"}}),), "overloaded"),
        ((Pause(5),), "upstream_timeout"),
    ],
    ids=["cut", "cut in an event", "malformed", "error event", "silent"],
)
def test_upstream_breaks_off(function: Function, first: tuple[Step, ...], rest: tuple[Step, ...], code: str) -> None:
    function.upstream.script = chunked(*first, *rest)

    reply = function.chat()

    assert reply.status == 200
    before, error = in_band(reply.body)
    assert before.replace(b": ping\n\n", b"") == b"".join(step for step in first if isinstance(step, bytes))
    assert error["code"] == code
    assert API_KEY not in reply.body.decode()


def test_an_end_that_looks_clean_but_is_not_complete(function: Function) -> None:
    function.upstream.script = streamed(token("Hi"))

    assert in_band(function.chat().body)[1]["code"] == "upstream_incomplete"


def test_an_answer_that_is_no_event_stream(function: Function) -> None:
    function.upstream.script = streamed(b"<html>Gateway</html>\n\n")

    reply = function.chat()

    assert reply.status == 502
    assert reply.error["code"] == "upstream_malformed"


@pytest.mark.parametrize(
    "script",
    [answer(200, {"choices": []}), answer(200, ["text"]), (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n<htm>",)],
)
def test_a_whole_answer_that_is_no_completion(function: Function, script: tuple[Step, ...]) -> None:
    function.upstream.script = script

    reply = function.send("POST", "/api/v1/chat/completions", QUESTION)

    assert reply.status == 502
    assert reply.error["code"] == "upstream_malformed"


@pytest.mark.parametrize(
    "said",
    [
        {"choices": [{"finish_reason": 5, "message": None}], "usage": [1]},
        {"choices": [{"finish_reason": "\ud800" * 1000}], "usage": {"prompt_tokens": -5, "completion_tokens": 10**40}},
        {"choices": [{}, {"message": {"content": ["x"]}}], "usage": {"prompt_tokens": "1", "completion_tokens": None}},
    ],
)
def test_a_whole_answer_is_passed_on_whatever_its_details_are(function: Function, said: object) -> None:
    function.upstream.script = answer(200, said)

    reply = function.send("POST", "/api/v1/chat/completions", QUESTION)

    assert (reply.status, reply.json) == (200, said)


def test_an_error_with_status_200_is_an_error(function: Function) -> None:
    function.upstream.script = answer(200, {"error": {"message": "No room.", "code": 429}})

    reply = function.send("POST", "/api/v1/chat/completions", QUESTION)

    assert (reply.status, reply.error["message"]) == (429, "No room.")


@pytest.mark.parametrize("after", [(Pause(2),), (Cut,), (token("more"), Pause(2)), (b"nonsense\n\n",)])
def test_an_answer_is_over_at_done_whatever_follows(function: Function, after: tuple[Step, ...]) -> None:
    seen = len(function.logs.lines)
    function.upstream.script = chunked(token("Hi"), FINISH, DONE, *after)

    reply = function.chat()

    assert reply.body == token("Hi") + FINISH + DONE
    line = function.logs.wait_for(f'"request_id":"{reply.headers["x-request-id"]}"', seen)
    assert "error_code" not in line


def test_an_event_that_comes_in_pieces_leaves_no_gap(function: Function) -> None:
    event_ = token("a long word")
    pieces: list[Step] = []
    for byte in event_:
        pieces += [bytes([byte]), Pause(0.03)]
    function.upstream.script = chunked(*pieces, FINISH, DONE)

    body = function.chat().body

    assert body.count(b": ping\n\n") >= 2
    assert body.replace(b": ping\n\n", b"") == event_ + FINISH + DONE


def test_events_of_every_valid_form_are_accepted(function: Function) -> None:
    chunk = token("Hi").replace(b'{"choices"', b'{"error": null, "choices"')
    function.upstream.script = chunked(
        b"\xef\xbb\xbf" + chunk,
        b"retry: 10\n\n",
        b"data:\n\n",
        FINISH.replace(b"\n\n", b"\n\r\n"),
        b"data: [DONE] \r\r",
    )

    body = function.chat().body

    assert body == chunk + FINISH.replace(b"\n\n", b"\n\r\n") + b"data: [DONE] \r\r"


def test_silence_before_the_first_byte_becomes_heartbeats_and_then_the_answer(function: Function) -> None:
    function.upstream.script = (Pause(2), *streamed(token("Hi"), FINISH, DONE))

    reply = function.chat()

    assert reply.status == 200
    assert reply.body.startswith(b": ping\n\n: ping\n\n")
    assert reply.body.endswith(token("Hi") + FINISH + DONE)


def test_silence_in_mid_answer_becomes_heartbeats(function: Function) -> None:
    function.upstream.script = streamed(token("Hi"), Pause(0.7), FINISH, DONE)

    body = function.chat().body

    assert body.startswith(token("Hi") + b": ping\n\n")
    assert body.endswith(FINISH + DONE)


def test_silence_that_never_ends(function: Function) -> None:
    function.upstream.script = (Pause(10),)

    streamed_reply = function.chat()
    plain_reply = function.send("POST", "/api/", {"message": "Hello"})

    assert streamed_reply.status == 200
    assert in_band(streamed_reply.body)[1]["code"] == "upstream_timeout"
    assert plain_reply.status == 504
    assert plain_reply.error["code"] == "upstream_timeout"


def test_an_interruption_in_plain_text_is_told_in_words(function: Function) -> None:
    function.upstream.script = chunked(token("Hi"), Cut)

    body = function.send("POST", "/api/", {"message": "Hello"}).body.decode()

    assert body == "Hi\n\n[The answer was interrupted: The model's service broke off in the middle of its answer.]\n"


def test_a_broken_answer_counts_as_failed_and_leaves_no_content_in_the_log(function: Function) -> None:
    seen = len(function.logs.lines)
    function.upstream.script = chunked(token("a private answer"), Cut)

    function.chat("a private question")

    line = function.logs.wait_for('"error_code":"upstream_incomplete"', seen)
    assert line["message"] == "request"
    assert "private" not in function.logs.text
