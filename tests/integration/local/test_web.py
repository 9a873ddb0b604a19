"""What browsers see: origins, preflights, the page beside the function."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.emulated import Emulated, Start


def test_a_preflight_is_answered_without_the_function(start: Start, stack: ExitStack) -> None:
    function = start(stack, cors_origins=["https://chat.example"])
    with function.connect() as client:
        client.request("OPTIONS", "/api/pid", b"", origin="https://chat.example", access_control_request_method="POST")
        answer, _ = client.read()

    assert (answer.status, answer.header("access-control-allow-origin")) == (200, "https://chat.example")
    assert function.server.environments == []


def test_the_answer_to_an_allowed_origin_says_so_once(function: Emulated) -> None:
    answer, _ = function.ask("pid", origin="https://chat.example")

    assert answer.header("access-control-allow-origin") == "https://chat.example"


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "https://evil.example"}])
def test_other_peoples_pages_get_nothing(function: Emulated, headers: dict[str, str]) -> None:
    assert function.ask("pid", **headers)[0].status == 403


def test_head_runs_the_function_and_leaves_its_body_out(function: Emulated) -> None:
    with function.connect() as client:
        client.request("HEAD", "/api/context")
        assert client.read_head().status == 200
        client.request("POST", "/api/pid")
        assert client.read()[0].status == 200


def test_page_and_function_share_a_port(start: Start, stack: ExitStack, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    function = start(stack, web_root=tmp_path)
    with function.connect() as client:
        client.request("GET", "/")
        answer, body = client.read()
        assert (answer.status, body) == (200, b"page")
        assert answer.header("content-security-policy")
        client.request("GET", "/config.json")
        config = json.loads(client.read()[1])
        client.request("GET", "/api")
        assert client.read()[0].status == 404

    assert config == {"demo": True}
