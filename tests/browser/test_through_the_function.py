"""The page, the local server, the function's own process and the model behind it, all real: a message's whole way."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from bundle.build import HostTarget
from local.server import LocalLambda
from tests.support.chat_page import ChatPage
from tests.support.logs import Logs
from tests.support.page_server import HEADERS, WEB
from tests.support.scripted_upstream import Server


@pytest.fixture(scope="module")
def function(task_root: Path, host: HostTarget, upstream: Server) -> Iterator[LocalLambda]:
    environment = {
        "API_KEY_PARAMETER": "/chat/key",
        "UPSTREAM_BASE_URL": upstream.url,
        "MODELS": "scripted,scripted-large",
        "SIGN_IN": "none",
        "FIRST_BYTE_SECONDS": "0.5",
        "HEARTBEAT_SECONDS": "0.5",
        "SILENCE_SECONDS": "2",
        "POWERTOOLS_SERVICE_NAME": "chat",
    }
    with LocalLambda(task_root, host.interpreter, environment, web_root=WEB / "dist", log=Logs()) as function:
        yield function


@pytest.fixture
def chat(new_context: Callable[..., BrowserContext], function: LocalLambda) -> ChatPage:
    return ChatPage(new_context(base_url=function.url).new_page()).open()


def test_a_typed_message_is_answered_token_by_token(chat: ChatPage) -> None:
    words = "one two three four five six seven eight nine ten"
    chat.send(f"pace 80 {words}")

    assert len(chat.watch_answer("ten")) > 3
    assert chat.body(chat.finished()).inner_text().strip() == words
    chat.act(chat.answers.last, "Statistics")
    expect(chat.answers.last).to_contain_text("10 tokens")


def test_the_models_are_those_the_function_allows(chat: ChatPage) -> None:
    options = chat.open_settings().get_by_label("Model", exact=True).get_by_role("option")

    expect(options).to_have_text(["The deployment’s default", "scripted", "scripted-large"])


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("status 429 20", "Too many requests. Try again in 20 seconds."),
        ("cut 5", "broke off in the middle of its answer"),
        ("error 3", "Something went wrong"),
        ("silence 4", "not answered for a while|Something went wrong"),
    ],
)
def test_bad_days_arrive_as_such_and_the_next_message_works(chat: ChatPage, message: str, told: str) -> None:
    answer = chat.ask(message)

    expect(answer).to_contain_text(re.compile(told))
    expect(answer.get_by_role("button", name="Try again")).to_be_visible()
    expect(chat.body(chat.ask("say fine"))).to_contain_text("fine")


def test_a_reload_in_mid_answer_keeps_it_and_the_function_serves_on(chat: ChatPage) -> None:
    chat.send("pace 30 " + " ".join(f"n{number}" for number in range(300)))
    expect(chat.body(chat.answers.last)).to_contain_text("n15")
    seen = chat.body(chat.answers.last).inner_text().split()
    chat.reload()

    expect(chat.answers.last).to_contain_text("interrupted")
    assert chat.body(chat.answers.last).inner_text().split()[: len(seen)] == seen
    expect(chat.body(chat.ask("say fine"))).to_contain_text("fine")


def test_the_page_is_served_with_its_security_headers(chat: ChatPage) -> None:
    policy = chat.page.evaluate("() => fetch('/').then((response) => response.headers.get('content-security-policy'))")

    assert policy == HEADERS["Content-Security-Policy"]
