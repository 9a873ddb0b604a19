"""Nothing is lost: reloads and crashes in mid-answer, several tabs, a full disk, private mode."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Error, expect

from tests.support.chat_page import ChatPage

LONG = "pace 25 " + " ".join(f"n{number}" for number in range(400))


def words(chat: ChatPage) -> list[str]:
    return chat.body(chat.answers.last).inner_text().split()


def test_a_reload_in_mid_answer_loses_nothing_that_had_arrived(chat: ChatPage) -> None:
    chat.send(LONG)
    expect(chat.body(chat.answers.last)).to_contain_text("n15")
    seen = words(chat)
    chat.reload()

    answer = chat.answers.last
    expect(answer).to_contain_text("The answer was interrupted. What had arrived is kept.")
    assert words(chat)[: len(seen)] == seen
    expect(answer.get_by_role("button", name="Continue")).to_be_visible()


def test_a_crash_in_mid_answer_loses_nothing_that_had_been_read(new_context: Callable[..., BrowserContext]) -> None:
    context = new_context()
    chat = ChatPage(context.new_page()).open()
    chat.send(LONG)
    expect(chat.body(chat.answers.last)).to_contain_text("n15")
    seen = words(chat)
    chat.page.wait_for_timeout(200)
    address = chat.page.url
    with pytest.raises(Error):
        chat.page.goto("chrome://crash", timeout=3000)
    chat.page.close()

    page = context.new_page()
    page.goto(address, wait_until="commit")
    again = ChatPage(page).ready()
    expect(again.answers.last).to_contain_text("interrupted")
    assert words(again)[: len(seen)] == seen


def test_a_reload_stays_in_the_conversation(chat: ChatPage) -> None:
    chat.ask("say first")
    chat.page.keyboard.press("Control+Shift+O")
    chat.ask("say second")
    chat.reload()
    expect(chat.body(chat.answers.last)).to_contain_text("second")

    chat.page.go_back()
    chat.page.go_back()
    expect(chat.body(chat.answers.last)).to_contain_text("first")


def test_an_answer_is_seen_growing_in_another_tab(chat: ChatPage, context: BrowserContext) -> None:
    chat.send(LONG)
    expect(chat.body(chat.answers.last)).to_contain_text("n3")
    other = ChatPage(context.new_page()).open(chat.page.url)

    expect(other.answers.last).to_contain_text("Being written in another tab")
    expect(other.answers.last).not_to_contain_text("interrupted")
    expect(other.body(other.answers.last)).to_contain_text("n30")
    chat.stop.click()
    expect(other.answers.last).to_contain_text("Stopped")


def test_another_tab_learns_that_the_one_that_was_writing_is_gone(chat: ChatPage, context: BrowserContext) -> None:
    chat.send(LONG)
    expect(chat.body(chat.answers.last)).to_contain_text("n3")
    other = ChatPage(context.new_page()).open(chat.page.url)
    expect(other.answers.last).to_contain_text("Being written in another tab")
    chat.page.close()

    expect(other.answers.last).to_contain_text("interrupted")
    expect(other.answers.last.get_by_role("button", name="Continue")).to_be_visible()


def test_two_tabs_do_not_overwrite_each_other(chat: ChatPage, context: BrowserContext) -> None:
    chat.ask("say start")
    page = context.new_page()
    # This tab hears nothing of the other: both go on from the same message.
    page.add_init_script("Object.defineProperty(BroadcastChannel.prototype, 'onmessage', { set() {} });")
    other = ChatPage(page).open(chat.page.url)
    expect(other.answers).to_have_count(1)

    chat.send("pace 30 left left left left left left left left")
    other.send("pace 30 right right right right right right right right")
    chat.finished()
    other.finished()
    expect(chat.body(chat.answers.last)).to_contain_text("left")
    expect(other.body(other.answers.last)).to_contain_text("right")

    chat.page.wait_for_timeout(300)
    chat.reload()
    expect(chat.questions).to_have_count(2)
    expect(chat.questions.last).to_contain_text(re.compile("[12]/2"))
    contents = {message["content"].split()[0] for message in chat.stored("messages") if message["role"] == "assistant"}
    assert contents == {"start", "left", "right"}


def test_a_rename_in_one_tab_survives_an_answer_in_another(chat: ChatPage, context: BrowserContext) -> None:
    chat.ask("say start")
    other = ChatPage(context.new_page()).open(chat.page.url)
    other.send("pace 30 " + "word " * 30)
    chat.from_menu("say start", "Rename")
    chat.page.get_by_role("textbox", name="Rename").fill("A better name")
    chat.page.keyboard.press("Enter")
    other.finished()

    expect(other.entry("A better name")).to_be_visible()
    chat.reload()
    expect(chat.entry("A better name")).to_be_visible()


def test_a_new_conversation_shows_up_in_another_tab(chat: ChatPage, context: BrowserContext) -> None:
    other = ChatPage(context.new_page()).open()
    chat.ask("say hello there")

    expect(other.entry("say hello there")).to_be_visible()


def test_a_full_disk_is_told_and_the_chat_goes_on(chat: ChatPage) -> None:
    chat.page.evaluate("""() => {
        IDBObjectStore.prototype.put = () => { throw new DOMException('no space', 'QuotaExceededError'); };
    }""")
    answer = chat.ask("say still here")

    expect(chat.body(answer)).to_contain_text("still here")
    expect(chat.page.get_by_text("The browser’s storage is full.")).to_be_visible()


def test_a_browser_that_stores_nothing_is_told_and_the_chat_goes_on(context: BrowserContext) -> None:
    context.add_init_script("""
        IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); };
        Storage.prototype.getItem = () => { throw new DOMException('private', 'SecurityError'); };
        Storage.prototype.setItem = () => { throw new DOMException('private', 'SecurityError'); };
    """)
    chat = ChatPage(context.new_page()).open()

    expect(chat.page.get_by_text("This browser does not store anything here")).to_be_visible()
    expect(chat.body(chat.ask("say hello"))).to_contain_text("hello")
    chat.page.keyboard.press("Control+Shift+O")
    chat.page.get_by_role("link", name="say hello").click()
    expect(chat.body(chat.answers.last)).to_contain_text("hello")
