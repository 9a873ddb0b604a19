"""The list of conversations: titles, search, rename, pin, delete with undo, files out and in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.chat_page import ChatPage


def titles(chat: ChatPage) -> list[str]:
    return chat.page.get_by_role("navigation").get_by_role("link").all_inner_texts()


@pytest.fixture
def three(chat: ChatPage) -> ChatPage:
    """Three conversations, the last one open."""
    for text in ("say apples are red", "say bananas are yellow", "say 東京は大きい"):
        chat.page.keyboard.press("Control+Shift+O")
        chat.ask(text)
    return chat


def test_a_conversation_is_titled_by_the_first_line_of_its_first_message(chat: ChatPage) -> None:
    chat.ask("say a question that is rather long and goes on and on until nobody wants to read it\nsecond line")

    assert titles(chat) == ["say a question that is rather long and goes on and on until…"]
    expect(chat.page).to_have_title("say a question that is rather long and goes on and on until… · Chat")


def test_the_newest_comes_first_and_opens_with_a_click(three: ChatPage) -> None:
    assert titles(three) == ["say 東京は大きい", "say bananas are yellow", "say apples are red"]
    expect(three.page.get_by_role("heading", name="Today")).to_be_visible()

    three.page.get_by_role("link", name="say apples are red").click()
    expect(three.body(three.answers.last)).to_contain_text("apples are red")
    expect(three.page.get_by_role("link", name="say apples are red")).to_have_attribute("aria-current", "page")


def test_code_is_never_a_title(chat: ChatPage) -> None:
    chat.ask("```js\nconst x = 1;\n```\nWhy is this slow?")

    assert titles(chat) == ["Why is this slow?"]


@pytest.mark.parametrize(("query", "found"), [("YELLOW", "bananas"), ("は大きい", "東京"), ("red apples", "apples")])
def test_search_finds_what_was_said_anywhere(three: ChatPage, query: str, found: str) -> None:
    three.page.keyboard.press("Control+K")
    search = three.page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill(query)

    expect(three.page.get_by_role("navigation").get_by_role("link")).to_have_count(1)
    expect(three.page.get_by_role("navigation").get_by_role("link")).to_contain_text(found)
    search.press("Escape")
    expect(three.page.get_by_role("navigation").get_by_role("link")).to_have_count(3)


def test_search_says_when_there_is_nothing(three: ChatPage) -> None:
    three.page.get_by_role("searchbox").fill("cherries")

    expect(three.page.get_by_text("Nothing found")).to_be_visible()


def test_rename(three: ChatPage) -> None:
    three.from_menu("apples", "Rename")
    three.page.get_by_role("textbox", name="Rename").fill("Fruit")
    three.page.keyboard.press("Enter")
    expect(three.entry("Fruit")).to_be_visible()

    three.from_menu("bananas", "Rename")
    three.page.get_by_role("textbox", name="Rename").fill("Nothing")
    three.page.keyboard.press("Escape")
    three.reload()
    assert titles(three) == ["say 東京は大きい", "say bananas are yellow", "Fruit"]


def test_pinned_conversations_stay_on_top(three: ChatPage) -> None:
    three.from_menu("apples", "Pin")
    expect(three.page.get_by_role("heading", name="Pinned")).to_be_visible()
    three.reload()
    assert titles(three)[0] == "say apples are red"

    three.from_menu("apples", "Unpin")
    expect(three.page.get_by_role("heading", name="Pinned")).not_to_be_attached()


def test_delete_can_be_undone(three: ChatPage) -> None:
    three.from_menu("東京", "Delete")
    expect(three.entry("東京")).not_to_be_attached()
    expect(three.toasts.get_by_text("Deleted “say 東京は大きい”")).to_be_visible()
    expect(three.answers).to_have_count(0)

    three.page.get_by_role("button", name="Undo").click()
    expect(three.entry("東京")).to_be_visible()
    expect(three.body(three.answers.last)).to_contain_text("東京は大きい")


def test_deleted_is_gone_from_the_disk_once_undo_is_over(three: ChatPage) -> None:
    three.page.clock.install()
    three.reload()
    three.from_menu("apples", "Delete")
    three.page.clock.fast_forward(11_000)

    expect(three.page.get_by_role("button", name="Undo")).not_to_be_attached()
    three.page.wait_for_timeout(300)
    assert len(three.stored("conversations")) == 2
    assert "apples" not in json.dumps(three.stored("messages"))


def test_one_conversation_as_markdown(three: ChatPage) -> None:
    with three.page.expect_download() as download:
        three.from_menu("bananas", "Export as Markdown")

    assert download.value.suggested_filename == "say-bananas-are-yellow.md"
    expected = "# say bananas are yellow\n\n## You\n\nsay bananas are yellow\n\n## Assistant\n\nbananas are yellow \n"
    assert Path(download.value.path()).read_text() == expected


def test_all_conversations_out_and_in_again(
    three: ChatPage, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    three.act(three.answers.last, "Answer again")
    three.finished()
    dialog = three.open_settings()
    with three.page.expect_download() as download:
        dialog.get_by_role("button", name="Export all").click()
    file = tmp_path / "all.json"
    download.value.save_as(file)

    other = ChatPage(new_context().new_page()).open()
    dialog = other.open_settings()
    with other.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Import").click()
    chooser.value.set_files(file)
    expect(dialog.get_by_text("Imported: 3")).to_be_visible()
    other.page.keyboard.press("Escape")
    assert titles(other) == titles(three)
    other.page.get_by_role("link", name="東京").click()
    expect(other.answers.last).to_contain_text("2/2")


def test_one_conversation_as_json(three: ChatPage) -> None:
    with three.page.expect_download() as download:
        three.from_menu("apples", "Export as JSON")

    data = json.loads(Path(download.value.path()).read_text())
    assert [entry["conversation"]["title"] for entry in data["conversations"]] == ["say apples are red"]
    assert [message["role"] for message in data["conversations"][0]["messages"]].count("user") == 1


def test_chatgpt_s_export_can_be_imported(chat: ChatPage, tmp_path: Path) -> None:
    def node(parent: str | None, role: str, text: str) -> dict[str, object]:
        return {"parent": parent, "message": {"author": {"role": role}, "content": {"parts": [text]}}}

    mapping = {"r": {"parent": None, "message": None}, "q": node("r", "user", "Which tea?")}
    mapping["a"] = node("q", "assistant", "Green **tea**.")
    file = tmp_path / "conversations.json"
    file.write_text(
        json.dumps([{"id": "x", "title": "Tea", "create_time": 1, "current_node": "a", "mapping": mapping}])
    )
    dialog = chat.open_settings()
    with chat.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Import").click()
    chooser.value.set_files(file)
    expect(dialog.get_by_text("Imported: 1")).to_be_visible()
    chat.page.keyboard.press("Escape")
    chat.page.get_by_role("link", name="Tea").click()

    expect(chat.body(chat.answers.last)).to_have_text("Green tea.")


def test_all_can_be_deleted_and_that_can_be_undone(three: ChatPage) -> None:
    def delete_all() -> None:
        three.open_settings().get_by_role("button", name="Delete all…").click()
        dialog = three.page.get_by_role("dialog", name="Delete all…")
        expect(dialog).to_contain_text("All 3 conversations")
        expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
        dialog.get_by_role("button", name="Delete", exact=True).click()
        expect(three.page.get_by_text("Your conversations will be listed here.")).to_be_visible()

    delete_all()
    three.page.get_by_role("button", name="Undo").click()
    expect(three.page.get_by_role("navigation").get_by_role("link")).to_have_count(3)

    three.page.clock.install()
    three.reload()
    delete_all()
    three.page.clock.fast_forward(11_000)
    three.page.wait_for_timeout(300)
    assert three.stored("messages") == []


def test_the_list_can_be_closed_on_a_wide_screen_and_stays_closed(three: ChatPage) -> None:
    three.page.get_by_role("button", name="Close the list").click()
    navigation = three.page.get_by_role("navigation")
    expect(navigation).to_be_hidden()
    three.reload()
    expect(navigation).to_be_hidden()
    three.page.get_by_role("button", name="Conversations").click()
    expect(navigation).to_be_visible()

    three.page.keyboard.press("Control+Shift+S")
    expect(navigation).to_be_hidden()


def test_an_answer_in_the_background_has_a_mark_until_it_is_read(chat: ChatPage) -> None:
    chat.send("pace 40 " + "word " * 40)
    expect(chat.body(chat.answers.last)).to_contain_text("word")
    chat.page.keyboard.press("Control+Shift+O")
    entry = chat.entry("pace 40")
    expect(entry).to_contain_text("Answering…")
    expect(entry).to_contain_text("New answer")
    chat.reload()
    expect(entry).to_contain_text("New answer")

    chat.page.get_by_role("link", name="pace 40").click()
    expect(entry).not_to_contain_text("New answer")


MANY = """count => new Promise((resolve, reject) => {
    const request = indexedDB.open('chat');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
        const transaction = request.result.transaction('conversations', 'readwrite');
        for (let n = 0; n < count; n++) {
            transaction.objectStore('conversations').put({
                id: `c${n}`, title: `Title ${n}`, created: n, updated: n, pinned: false, leaf: null,
            });
        }
        transaction.oncomplete = () => { request.result.close(); resolve(); };
    };
})"""


def test_of_thousands_only_what_can_be_seen_is_built_and_all_can_be_reached(chat: ChatPage) -> None:
    chat.page.evaluate(MANY, 2_000)
    chat.reload()
    links = chat.page.get_by_role("navigation").get_by_role("link")
    expect(links.first).to_have_text("Title 1999")
    assert links.count() <= 300
    for _ in range(40):
        chat.page.evaluate("() => document.getElementById('list-end').scrollIntoView()")
        chat.page.wait_for_timeout(30)

    expect(chat.page.get_by_role("link", name="Title 0", exact=True)).to_be_attached()


def test_a_file_that_is_something_else_is_refused(chat: ChatPage, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"hello": 1}')
    dialog = chat.open_settings()
    with chat.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Import").click()
    chooser.value.set_files(file)

    expect(dialog.get_by_text("no export of this page")).to_be_visible()
