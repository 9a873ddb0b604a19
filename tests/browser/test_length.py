"""Conversations of any length: what no longer fits is left out or summed up, and there is always a way on."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer


@pytest.fixture
def small(context: BrowserContext, server: PageServer) -> ChatPage:
    """A deployment that takes little at once, and a conversation that has become longer."""
    server.config["maxInputChars"] = 2_000
    chat = ChatPage(context.new_page()).open()
    for number in range(3):
        chat.ask(f"say {number} " + "word " * 70)
    return chat


def contents(request: dict[str, Any]) -> list[str]:
    return [message["content"] for message in request["messages"]]


def test_the_oldest_is_left_out_and_a_line_says_from_where_on(small: ChatPage, server: PageServer) -> None:
    small.ask("say still here")

    sent = contents(server.last_request)
    assert sum(map(len, sent)) <= 2_000
    assert sent[0].startswith("say 1 ")
    assert sent[-1] == "say still here"
    line = small.page.get_by_role("note")
    expect(line).to_contain_text("the model no longer sees what is above this line")
    expect(small.questions.nth(1)).to_contain_text("no longer sees")


def test_the_beginning_can_be_summed_up_and_sent_whole_again(small: ChatPage, server: PageServer) -> None:
    small.ask("say still here")
    small.page.get_by_role("note").get_by_role("button", name="Summarise the beginning").click()
    line = small.page.get_by_role("note").filter(has_text="goes to the model as a summary")
    expect(line).to_be_visible()
    assert "Summarise the conversation below" in contents(server.last_request)[0]
    line.get_by_text("goes to the model as a summary").click()
    expect(line).to_contain_text("In short: words were said.")
    small.reload()
    small.ask("say go on")

    sent = contents(server.last_request)
    assert sent[0].startswith("Summary of our conversation so far:")
    assert sent[-1] == "say go on"
    line.get_by_role("button", name="Send it as it was").click()
    expect(line).not_to_be_attached()


def test_a_new_conversation_goes_on_from_a_summary(small: ChatPage, server: PageServer) -> None:
    small.ask("say still here")
    before = small.page.url
    small.page.get_by_role("note").get_by_role("button", name="New conversation with a summary").click()

    expect(small.questions).to_have_count(1)
    expect(small.questions.first).to_contain_text("In short: words were said.")
    expect(small.questions.first).to_contain_text("Summary of the conversation “say 0 word")
    assert small.page.url != before
    small.ask("say go on")
    assert contents(server.last_request)[-1] == "say go on"
    assert "Summary of the conversation" in contents(server.last_request)[0]


def test_a_model_that_takes_less_is_sent_less(chat: ChatPage, server: PageServer) -> None:
    for number in range(3):
        chat.ask(f"say {number} " + "word " * 40)
    answer = chat.ask("short 700")
    expect(answer).to_contain_text("The conversation is too long for the model.")
    chat.act(answer, "Leave out the oldest")
    answer = chat.finished()
    while answer.get_by_role("button", name="Leave out the oldest").is_visible():
        chat.act(answer, "Leave out the oldest")
        answer = chat.finished()

    expect(chat.body(answer)).to_have_text("It fits. ")
    assert sum(map(len, contents(server.last_request))) <= 700
    expect(chat.page.get_by_role("note")).to_contain_text("no longer sees")


def test_a_refusal_leads_to_a_summary_and_then_to_the_answer(chat: ChatPage) -> None:
    for number in range(3):
        chat.ask(f"say {number} " + "word " * 40)
    answer = chat.ask("short 900")
    chat.act(answer, "Summarise the beginning")
    expect(chat.page.get_by_role("note").filter(has_text="as a summary")).to_be_visible()

    expect(chat.finished()).to_be_visible()


def test_a_message_that_is_too_long_by_itself_says_so(chat: ChatPage) -> None:
    answer = chat.ask("short 5")
    chat.act(answer, "Leave out the oldest")

    expect(chat.toasts).to_contain_text("Shorten the message itself")
