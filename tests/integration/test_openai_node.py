"""The endpoint as OpenAI's JavaScript client sees it: npm `openai`, in a Node process of its own."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.integration.conftest import Function
from tests.support.raw_upstream import Cut, Pause, Step, answer, chunked, token

SCRIPT = Path(__file__).parent.parent / "openai_client.mjs"


def run(function: Function, *arguments: str) -> dict[str, object]:
    command = ["node", str(SCRIPT), f"{function.url}/api/v1", *arguments]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    result: dict[str, object] = json.loads(output)
    return result


def test_streaming(function: Function) -> None:
    assert run(function, "stream") == {"result": "Hello"}


def test_not_streaming(function: Function) -> None:
    message = {"role": "assistant", "content": "Hello"}
    function.upstream.script = answer(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    assert run(function, "whole") == {"result": "Hello"}


def test_models(function: Function) -> None:
    assert run(function, "models") == {"result": ["small", "large"]}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (422, "UnprocessableEntityError"),
        (429, "RateLimitError"),
        (500, "InternalServerError"),
    ],
)
def test_upstreams_refusals(function: Function, status: int, error: str) -> None:
    function.upstream.script = answer(status, {"error": {"message": "No"}})

    assert run(function, "stream")["error"] == error


def test_our_own_refusal(function: Function) -> None:
    assert run(function, "stream", "huge") == {"error": "NotFoundError", "status": 404, "code": "model_not_found"}


@pytest.mark.parametrize(
    ("rest", "code"), [((Cut,), "upstream_incomplete"), ((Pause(5),), "upstream_timeout")], ids=["cut", "silence"]
)
def test_an_interruption_is_an_error_and_not_a_short_answer(
    function: Function, rest: tuple[Step, ...], code: str
) -> None:
    function.upstream.script = chunked(token("Hi"), *rest)

    assert run(function, "stream") == {"error": "APIError", "status": None, "code": code}
