"""Embeddings: where a setting names models for them, limited and logged like all else."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import openai
import pytest
from openai.types import CreateEmbeddingResponse, Embedding
from openai.types.create_embedding_response import Usage

from tests.integration.conftest import Function
from tests.support.raw_upstream import answer

PATH = "/api/v1/embeddings"
ANSWER = CreateEmbeddingResponse(
    data=[Embedding(embedding=[0.5, 0.25], index=0, object="embedding")],
    model="vectors",
    object="list",
    usage=Usage(prompt_tokens=3, total_tokens=3),
).model_dump(mode="json")


@pytest.fixture(scope="module")
def embedding(start_function: Callable[..., Function]) -> Iterator[Function]:
    with ExitStack() as stack:
        yield start_function(stack, EMBEDDING_MODELS="vectors")


def test_openais_client_gets_them_and_they_are_logged(embedding: Function) -> None:
    seen = len(embedding.logs.lines)
    embedding.upstream.script = answer(200, ANSWER)

    with openai.OpenAI(base_url=f"{embedding.url}/api/v1", api_key="any") as client:
        answered = client.embeddings.create(model="vectors", input=["Hello"], encoding_format="float")

    assert answered.data[0].embedding == [0.5, 0.25]
    (request,) = embedding.upstream.requests
    assert request.path == "/v1/embeddings"
    assert request.body == {"model": "vectors", "input": ["Hello"], "encoding_format": "float"}
    line = embedding.logs.wait_for('"route":"/v1/embeddings"', seen)
    assert (line["model"], line["tokens_in"], line["tokens_out"]) == ("vectors", 3, 0)


@pytest.mark.parametrize(
    ("asked", "status", "param"),
    [
        ({"model": "vectors"}, 400, "input"),
        ({"model": "vectors", "input": ""}, 400, "input"),
        ({"model": "vectors", "input": {"x": 1}}, 400, "input"),
        ({"model": "small", "input": "x"}, 404, "model"),
        ({"model": "vectors", "input": "x", "stream": True}, 400, "stream"),
        ({"model": "vectors", "input": "x" * 1001}, 413, None),
        ({"model": "vectors", "input": [[1] * 1001]}, 413, None),
    ],
)
def test_what_is_wrong_is_named(embedding: Function, asked: object, status: int, param: str | None) -> None:
    embedding.upstream.reset()

    reply = embedding.send("POST", PATH, asked)

    assert (reply.status, reply.error["param"]) == (status, param)
    assert embedding.upstream.requests == []


def test_an_upstream_without_them(embedding: Function) -> None:
    embedding.upstream.script = answer(404, {"detail": "Not Found"})

    reply = embedding.send("POST", PATH, {"model": "vectors", "input": "x"})

    assert (reply.status, reply.error["code"]) == (404, "not_offered_by_upstream")


def test_without_the_setting_there_are_none(function: Function) -> None:
    reply = function.send("POST", PATH, {"model": "vectors", "input": "x"})

    assert (reply.status, reply.error["code"]) == (404, "not_offered")
