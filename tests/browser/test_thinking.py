"""What a model thinks before it answers: shown apart, folded, never sent back."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer


@pytest.mark.parametrize("where", ["think", "think-tag"])
def test_thoughts_are_a_quiet_block_of_their_own(chat: ChatPage, server: PageServer, where: str) -> None:
    answer = chat.ask(f"{where} two plus two is four")

    expect(chat.body(answer).last).to_have_text("So be it. ")
    block = answer.get_by_role("group")
    expect(block).to_contain_text(re.compile(r"Thought for \d+ sec"))
    expect(block.get_by_text("two plus two is four")).to_be_hidden()
    block.get_by_text("Thought for").click()
    expect(block.get_by_text("two plus two is four")).to_be_visible()

    chat.ask("say more")
    assert "two plus two" not in json.dumps(server.last_request["messages"][1:])


def test_thinking_is_shown_while_it_goes_on_and_survives_a_reload(chat: ChatPage) -> None:
    chat.send("think " + "hmm " * 60)
    block = chat.answers.last.get_by_role("group")
    expect(block).to_contain_text("Thinking…")
    block.get_by_text("Thinking…").click()
    expect(block.get_by_text("hmm hmm hmm")).to_be_visible()
    chat.page.wait_for_timeout(300)
    chat.reload()

    block = chat.answers.last.get_by_role("group")
    block.get_by_text("Thought").click()
    expect(block.get_by_text("hmm hmm")).to_be_visible()
    expect(chat.answers.last).to_contain_text("interrupted")


def test_thoughts_are_copied_apart(chat: ChatPage) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = chat.ask("think only a thought")
    chat.act(answer, "Copy message")
    chat.page.wait_for_timeout(100)
    assert chat.page.evaluate("() => navigator.clipboard.readText()") == "So be it. "

    answer.get_by_text("Thought for").click()
    chat.act(answer, "Copy thoughts")
    chat.page.wait_for_timeout(100)
    assert chat.page.evaluate("() => navigator.clipboard.readText()") == "only a thought "
