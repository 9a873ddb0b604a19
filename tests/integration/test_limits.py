"""Daily limits of real processes with one table: nothing is overspent, nothing leaks, nothing is free by accident."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import openai
import pytest

from tests.integration.conftest import Function
from tests.support.aws import TABLE, aws_server, table
from tests.support.raw_upstream import DONE, FINISH, Cut, Gate, Pause, answer, chunked, event, streamed, token

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_OUTPUT = 50
REQUEST = MAX_OUTPUT + 60  # about what one request of these tests reserves, at most
USAGE = event({"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 20}})


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    with aws_server() as url:
        yield url


@pytest.fixture
def items(aws: str) -> Iterator["DynamoDBClient"]:
    with table(aws) as client:
        yield client


@pytest.fixture
def limited(
    start_function: Callable[..., Function],
    aws: str,
    items: "DynamoDBClient",  # noqa: ARG001  # makes the table
) -> Iterator[Callable[..., Function]]:
    with ExitStack() as stack:

        def start(**limits: str) -> Function:
            return start_function(
                stack,
                timeout_seconds=100,  # a busy machine is not what is tested
                TABLE_NAME=TABLE,
                AWS_ENDPOINT_URL_DYNAMODB=aws,
                MAX_OUTPUT_TOKENS=str(MAX_OUTPUT),
                **limits,
            )

        yield start


def used(function: Function) -> int:
    reply = function.send("GET", "/api/v1/usage")
    assert reply.status == 200
    tokens = reply.json["tokens"]
    assert isinstance(tokens, dict)
    assert isinstance(tokens["used"], int)
    return tokens["used"]


def test_real_usage_is_counted_before_the_answer_ends(limited: Callable[..., Function]) -> None:
    function = limited(DAILY_TOKENS_PER_PERSON="1000")
    function.upstream.script = streamed(token("Hi"), FINISH, USAGE, DONE)

    reply = function.chat()

    assert reply.headers["x-ratelimit-limit-tokens"] == "1000"
    assert 1000 - REQUEST <= int(reply.headers["x-ratelimit-remaining-tokens"]) < 1000 - MAX_OUTPUT
    assert used(function) == 90


def test_answers_that_do_not_stream_count_as_well(limited: Callable[..., Function]) -> None:
    function = limited(DAILY_TOKENS_PER_PERSON="1000")
    function.upstream.script = answer(
        200,
        {
            "choices": [{"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 70, "completion_tokens": 20},
        },
    )

    assert function.chat(stream=False).status == 200
    assert used(function) == 90


def test_over_the_limit_no_upstream_is_asked_and_no_client_tries_again(limited: Callable[..., Function]) -> None:
    function = limited(DAILY_REQUESTS_PER_PERSON="1")
    function.chat()
    function.upstream.reset()
    client = openai.OpenAI(base_url=f"{function.url}/api/v1", api_key="none", max_retries=2)

    with pytest.raises(openai.RateLimitError) as refused:
        client.chat.completions.create(model="small", messages=[{"role": "user", "content": "Hello"}])

    assert refused.value.code == "daily_limit_reached"
    assert "resets at 00:00 UTC" in refused.value.message
    assert 0 < int(refused.value.response.headers["retry-after"]) <= 86_400
    assert function.upstream.requests == []
    assert function.logs.text.count("daily_limit_reached") <= 2  # one request: its line and its metrics
    client.close()


def test_one_person_has_so_many_answers_at_once_and_the_next_when_one_has_ended(
    limited: Callable[..., Function],
) -> None:
    function = limited(CONCURRENT_REQUESTS_PER_PERSON="1")
    gate = Gate()
    function.upstream.script = streamed(token("Hi"), gate, FINISH, USAGE, DONE)
    question = {"messages": [{"role": "user", "content": "Hi"}], "stream": True}
    with function.open("POST", "/api/v1/chat/completions", question) as response:
        response.readline()
        refused = function.chat()
        gate.open()
        response.read()

    assert refused.status == 429
    assert refused.error["code"] == "concurrency_limit_reached"
    assert int(refused.headers["retry-after"]) > 0
    assert len(function.upstream.requests) == 1
    assert function.chat().status == 200


def test_bad_requests_count_nothing(limited: Callable[..., Function]) -> None:
    function = limited(DAILY_TOKENS_PER_PERSON="1000")

    assert function.chat("").status == 400
    assert used(function) == 0


def test_what_upstream_refuses_costs_no_tokens(limited: Callable[..., Function]) -> None:
    function = limited(DAILY_TOKENS_PER_PERSON="1000")
    function.upstream.script = answer(429, {"error": {"message": "slow down"}})

    assert function.chat().error["code"] == "rate_limit_exceeded"
    assert used(function) == 0


def test_an_answer_cut_off_counts_what_came(limited: Callable[..., Function]) -> None:
    function = limited(DAILY_TOKENS_PER_PERSON="1000")
    function.upstream.script = chunked(*[token("abc")] * 20, Cut)

    assert b"error" in function.chat().body
    assert 20 < used(function) < REQUEST


def test_fifty_at_once_spend_no_more_than_the_limit(limited: Callable[..., Function]) -> None:
    limit = 6 * REQUEST
    function = limited(DAILY_TOKENS_PER_PERSON=str(limit))
    usage = event({"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": MAX_OUTPUT}})
    function.upstream.script = streamed(token("Hi"), Pause(0.3), FINISH, usage, DONE)

    with ThreadPoolExecutor(50) as clients:
        served = sum(clients.map(lambda _: is_served(function), range(50)))

    assert served == len(function.upstream.requests)
    assert limit - 2 * REQUEST < used(function) <= limit
    assert used(function) == served * (40 + MAX_OUTPUT)


def is_served(function: Function) -> bool:
    """Ask until there is an answer or the daily limit says no; ten environments are fewer than fifty clients."""
    while True:
        reply = function.chat()
        if reply.status == 200 or b"daily_limit_reached" in reply.body:
            return reply.status == 200
        assert reply.status == 429
        time.sleep(0.05)


def test_what_a_killed_function_reserved_stays_used(limited: Callable[..., Function], items: "DynamoDBClient") -> None:
    function = limited(DAILY_TOKENS_PER_PERSON="1000")
    gate = Gate()
    function.upstream.script = streamed(token("Hi"), gate)
    with function.open(
        "POST", "/api/v1/chat/completions", {"messages": [{"role": "user", "content": "Hi"}], "stream": True}
    ) as response:
        response.readline()
        (busy,) = function.server.environments
        os.kill(busy.pid, signal.SIGKILL)
    gate.open()
    reserved = used(function)
    assert MAX_OUTPUT < reserved < REQUEST

    (item,) = items.scan(TableName=TABLE)["Items"]
    (name,) = [name for name in item if name.startswith("r_")]
    assert time.time() < int(item[name]["N"]) < time.time() + 110
    items.update_item(  # the clock cannot be put forward: the end of its time is put back instead
        TableName=TABLE,
        Key={"pk": item["pk"]},
        UpdateExpression="SET #r = :past",
        ExpressionAttributeNames={"#r": name},
        ExpressionAttributeValues={":past": {"N": "1"}},
    )

    function.upstream.script = streamed(token("Hi"), FINISH, USAGE, DONE)
    assert function.chat().status == 200
    assert used(function) == reserved + 90
    (item,) = items.scan(TableName=TABLE)["Items"]
    assert [name for name in item if name.startswith("r_")] == []
    assert item["open_requests"]["N"] == "0"


def test_a_table_that_cannot_be_reached_is_no_free_ticket(
    start_function: Callable[..., Function],
) -> None:
    with ExitStack() as stack:
        function = start_function(
            stack,
            TABLE_NAME=TABLE,
            AWS_ENDPOINT_URL_DYNAMODB="http://127.0.0.1:1",
            DAILY_TOKENS_TOTAL="10000",
        )
        reply = function.chat()

        assert (reply.status, reply.error["code"]) == (503, "limits_unavailable")
        assert function.upstream.requests == []
        assert function.send("GET", "/api/health").status == 200


def test_without_limits_usage_says_so(start_function: Callable[..., Function]) -> None:
    with ExitStack() as stack:
        usage = start_function(stack).send("GET", "/api/v1/usage").json

        assert usage["tokens"] == {"used": None, "limit": None}
        assert usage["requests"] == {"used": None, "limit": None}
