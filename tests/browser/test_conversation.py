"""Talking: answers stream, can be stopped, repeated, continued, and what was sent can be changed."""

import hashlib
import json
import re

import pytest
from playwright.sync_api import expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer


def test_an_answer_appears_token_by_token(chat: ChatPage) -> None:
    words = "one two three four five six seven eight nine ten"
    chat.send(f"pace 80 {words}")

    assert len(chat.watch_answer("ten")) > 3
    assert chat.body(chat.finished()).inner_text().strip() == words


def test_the_request_is_a_streamed_chat_completion_with_the_hash_of_its_body(
    chat: ChatPage, server: PageServer
) -> None:
    chat.ask("日本語 and 🎉")

    headers, body = server.requests[-1]
    lower = {name.lower(): value for name, value in headers.items()}
    assert lower["x-amz-content-sha256"] == hashlib.sha256(body).hexdigest()
    assert json.loads(body) == {
        "messages": [{"role": "user", "content": "日本語 and 🎉"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_the_whole_conversation_is_sent(chat: ChatPage, server: PageServer) -> None:
    chat.ask("say first")
    chat.ask("say second")

    contents = [message["content"].strip() for message in server.last_request["messages"]]
    assert contents == ["say first", "first", "say second"]


def test_stop_keeps_what_had_arrived_and_continue_goes_on(chat: ChatPage, server: PageServer) -> None:
    chat.send("pace 50 " + "word " * 200)
    expect(chat.body(chat.answers.last)).to_contain_text("word word")
    chat.stop.click()

    answer = chat.finished()
    expect(answer).to_contain_text("Stopped")
    kept = chat.body(answer).inner_text()
    assert kept.startswith("word word")
    while server.left == 0:
        chat.page.wait_for_timeout(20)

    chat.act(answer, "Continue")
    expect(chat.body(chat.finished())).to_contain_text("You said: Continue")
    messages = server.last_request["messages"]
    assert messages[-2]["content"].split() == kept.split()
    assert "Continue exactly" in messages[-1]["content"]
    expect(chat.answers).to_have_count(1)
    expect(chat.body(chat.finished())).to_contain_text("You said: Continue")


def test_escape_stops(chat: ChatPage) -> None:
    chat.send("pace 50 " + "word " * 200)
    expect(chat.body(chat.answers.last)).to_contain_text("word")
    chat.page.keyboard.press("Escape")

    expect(chat.finished()).to_contain_text("Stopped")


def test_answering_again_adds_a_version_to_step_through(chat: ChatPage) -> None:
    answer = chat.ask("say the same")
    chat.act(answer, "Answer again")
    answer = chat.finished()

    expect(answer).to_contain_text("2/2")
    chat.act(answer, "Previous version")
    expect(chat.answers.last).to_contain_text("1/2")
    expect(chat.answers.last.get_by_role("button", name="Previous version")).to_be_disabled()
    chat.act(chat.answers.last, "Next version")
    expect(chat.answers.last).to_contain_text("2/2")
    expect(chat.answers).to_have_count(1)


def test_editing_a_message_keeps_the_old_version_and_its_answers(chat: ChatPage) -> None:
    chat.ask("say red")
    chat.ask("say more of it")
    chat.act(chat.questions.first, "Edit")
    editor = chat.page.get_by_role("textbox", name="Edit")
    expect(editor).to_have_value("say red")
    editor.fill("say blue")
    editor.press("Enter")

    expect(chat.body(chat.finished())).to_contain_text("blue")
    expect(chat.questions).to_have_count(1)
    expect(chat.questions.first).to_contain_text("2/2")

    chat.act(chat.questions.first, "Previous version")
    expect(chat.questions).to_have_count(2)
    expect(chat.body(chat.answers.first)).to_contain_text("red")
    chat.reload()
    expect(chat.body(chat.answers.first)).to_contain_text("red")


def test_editing_can_be_cancelled(chat: ChatPage) -> None:
    chat.ask("say red")
    chat.act(chat.questions.first, "Edit")
    editor = chat.page.get_by_role("textbox", name="Edit")
    editor.fill("say blue")
    editor.press("Escape")

    expect(editor).not_to_be_attached()
    expect(chat.body(chat.questions.first)).to_have_text("say red")
    expect(chat.questions.first.get_by_role("button", name="Edit")).to_be_focused()


def test_escape_while_an_input_method_composes_keeps_the_edit(chat: ChatPage) -> None:
    chat.ask("say red")
    chat.act(chat.questions.first, "Edit")
    editor = chat.page.get_by_role("textbox", name="Edit")
    editor.fill("say 青")
    # What Safari sends for the Escape that ends a composition.
    editor.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', keyCode: 229, bubbles: true }))"
    )

    expect(editor).to_have_value("say 青")


def test_an_answer_at_the_output_limit_can_be_continued(chat: ChatPage) -> None:
    answer = chat.ask("length Half a sent")

    expect(answer).to_contain_text("reached its limit")
    chat.act(answer, "Continue")
    expect(chat.body(chat.finished())).to_contain_text("Half a sentYou said: Continue")


def test_statistics_are_shown_on_demand(chat: ChatPage) -> None:
    answer = chat.ask("pace 20 one two three")
    statistics = answer.get_by_text("to the first token")

    expect(statistics).to_be_hidden()
    chat.act(answer, "Statistics")
    expect(statistics).to_have_text(re.compile(r"[\d.]+ s to the first token · 3 tokens · [\d.,]+ tokens/s · scripted"))


@pytest.fixture
def copying_chat(chat: ChatPage) -> ChatPage:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return chat


def clipboard(chat: ChatPage) -> str:
    text: str = chat.page.evaluate("() => navigator.clipboard.readText()")
    return text


def test_a_message_is_copied_as_it_was_written(copying_chat: ChatPage) -> None:
    answer = copying_chat.ask("say **bold** and `code`")
    copying_chat.act(answer, "Copy message")
    copying_chat.page.wait_for_timeout(100)

    assert clipboard(copying_chat) == "**bold** and `code` "


def test_code_is_copied_without_the_rest(copying_chat: ChatPage) -> None:
    answer = copying_chat.ask("say See:\n\n```python\nprint(1)\nprint(2)\n```\n\ndone")
    copying_chat.act(answer, "Copy code")
    expect(answer.get_by_text("Copied")).to_be_visible()

    assert clipboard(copying_chat) == "print(1)\nprint(2)"


def test_the_last_answer_is_copied_by_key(copying_chat: ChatPage) -> None:
    copying_chat.ask("say this")
    copying_chat.page.keyboard.press("Control+Shift+C")
    expect(copying_chat.toasts.get_by_text("Copied")).to_be_visible()

    assert clipboard(copying_chat) == "this "


def test_links_open_in_a_new_tab_that_knows_nothing_of_this_one(chat: ChatPage, server: PageServer) -> None:
    chat.ask(f"say [there]({server.origin}/robots.txt)")
    with chat.page.context.expect_page() as opened:
        chat.page.get_by_role("main").get_by_role("link", name="there").click()

    assert opened.value.evaluate("() => [window.opener, document.referrer]") == [None, ""]


def test_long_answers_in_two_conversations_at_once_do_not_mix(chat: ChatPage) -> None:
    chat.send("pace 40 " + " ".join(["alpha"] * 40))
    expect(chat.body(chat.answers.last)).to_contain_text("alpha")
    chat.page.keyboard.press("Control+Shift+O")
    chat.ask("say beta")
    expect(chat.answers).to_have_count(1)

    chat.page.get_by_role("link", name="pace 40").click()
    answer = chat.finished()
    assert chat.body(answer).inner_text().split() == ["alpha"] * 40
