"""The message box: sending, line breaks, input methods, drafts, files, the limit, saved prompts."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer


def test_enter_sends_and_shift_enter_breaks_the_line(chat: ChatPage) -> None:
    chat.box.press_sequentially("say one")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("say one\ntwo")
    chat.box.press("Enter")

    expect(chat.box).to_have_value("")
    expect(chat.questions).to_have_count(1)


def test_the_box_grows_with_the_text_up_to_a_part_of_the_window(chat: ChatPage) -> None:
    def height() -> float:
        box = chat.box.bounding_box()
        assert box
        return box["height"]

    small = height()
    chat.box.fill("line\n" * 5)
    grown = height()
    chat.box.fill("line\n" * 200)

    assert grown > small * 2
    assert height() <= 0.4 * 800 + 1


def test_nothing_is_sent_while_an_input_method_composes(chat: ChatPage, server: PageServer) -> None:
    devtools = chat.page.context.new_cdp_session(chat.page)
    chat.box.focus()
    devtools.send("Input.imeSetComposition", {"text": "とうきょう", "selectionStart": 5, "selectionEnd": 5})
    # What the browser sends for the Enter that accepts a conversion, while composing and (Safari) right after.
    chat.page.evaluate("""() => {
        const enter = (init) => document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }));
        enter({ isComposing: true });
        enter({ keyCode: 229 });
    }""")
    chat.page.wait_for_timeout(100)
    assert server.requests == []
    expect(chat.box).to_have_value("とうきょう")

    devtools.send("Input.insertText", {"text": "東京"})
    expect(chat.box).to_have_value("東京")
    chat.box.press("Enter")
    expect(chat.body(chat.finished())).to_contain_text("You said: 東京")


def test_a_second_message_waits_until_the_answer_is_there(chat: ChatPage, server: PageServer) -> None:
    chat.send("pace 50 " + "word " * 100)
    expect(chat.body(chat.answers.last)).to_contain_text("word")
    chat.box.fill("say next")
    chat.box.press("Enter")

    expect(chat.box).to_have_value("say next")
    assert len(server.requests) == 1


def test_drafts_survive_a_reload_and_belong_to_their_conversation(chat: ChatPage) -> None:
    chat.ask("say hello")
    chat.box.fill("half a thought")
    chat.page.keyboard.press("Control+Shift+O")
    expect(chat.box).to_have_value("")
    chat.box.fill("another")
    chat.page.get_by_role("link", name="say hello").click()
    expect(chat.box).to_have_value("half a thought")
    chat.reload()

    expect(chat.box).to_have_value("half a thought")
    chat.page.get_by_role("button", name="New conversation").first.click()
    expect(chat.box).to_have_value("another")


DROP = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: 'text/plain' }));
    for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    }
}"""

PASTE = """([name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name));
    const box = document.getElementById('box');
    box.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
}"""


def test_a_dropped_text_file_is_a_chip_and_is_sent_as_a_code_block(chat: ChatPage, server: PageServer) -> None:
    chat.page.evaluate(DROP, ["notes.py", "print('`` ```')\n"])

    chip = chat.page.get_by_role("list", name="Files").get_by_role("listitem")
    expect(chip).to_contain_text("notes.py")
    expect(chip).to_contain_text("0 kB")
    expect(chat.box).to_have_value("")
    chat.box.fill("say done")
    chat.box.press("Enter")
    chat.finished()
    assert server.last_request["messages"] == [
        {"role": "user", "content": "notes.py\n````py\nprint('`` ```')\n````\n\nsay done"}
    ]
    expect(chip).to_have_count(0)
    question = chat.questions.last
    expect(chat.body(question)).to_have_text("say done")
    expect(question.get_by_text("print(")).to_be_hidden()
    question.get_by_text("notes.py").click()
    expect(question.get_by_text("print(")).to_be_visible()


@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis", "euc_jp", "utf-16"])
def test_files_are_read_whatever_their_encoding(chat: ChatPage, server: PageServer, encoding: str) -> None:
    text = "これは日本語の文章です。東京は大きい。"
    chat.page.evaluate(PASTE, ["a.txt", list(text.encode(encoding))])
    expect(chat.page.get_by_text("a.txt")).to_be_visible()
    chat.page.get_by_role("button", name="Send").click()
    chat.finished()

    assert text in server.last_request["messages"][0]["content"]


def test_undo_takes_back_a_file_and_then_what_was_typed(chat: ChatPage) -> None:
    chat.box.press_sequentially("ab")
    chat.page.evaluate(PASTE, ["a.txt", list(b"abc")])
    chip = chat.page.get_by_text("a.txt")
    expect(chip).to_be_visible()
    chat.box.press("Control+z")
    expect(chip).to_be_hidden()
    expect(chat.box).to_have_value("ab")

    chat.box.press("Control+z")
    expect(chat.box).not_to_have_value("ab")


def test_files_survive_a_reload_and_can_be_removed(chat: ChatPage) -> None:
    chat.page.evaluate(PASTE, ["a.txt", list(b"abc")])
    expect(chat.page.get_by_text("a.txt")).to_be_visible()
    chat.reload()
    chat.page.get_by_role("button", name="Remove a.txt").click()
    expect(chat.page.get_by_text("a.txt")).to_be_hidden()
    chat.reload()

    expect(chat.page.get_by_text("a.txt")).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [("photo.png", [137, 80, 78, 71, 0, 1], "is not a text file"), ("huge.txt", [97] * 4100, "is too large")],
)
def test_what_cannot_be_a_message_is_refused(
    chat: ChatPage, server: PageServer, name: str, data: list[int], told: str
) -> None:
    server.config["maxInputChars"] = 1000
    chat.reload()
    chat.page.evaluate(PASTE, [name, data])

    expect(chat.toasts.get_by_text(f"{name} {told}")).to_be_visible()
    expect(chat.box).to_have_value("")


def test_a_text_file_can_be_picked(chat: ChatPage, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("a,b\n1,2\n")
    with chat.page.expect_file_chooser() as chooser:
        chat.page.get_by_role("button", name="Add a text file").click()
    chooser.value.set_files(file)

    expect(chat.page.get_by_role("list", name="Files")).to_contain_text("list.csv")


def test_the_limit_counts_the_message_before_sending(chat: ChatPage, server: PageServer) -> None:
    server.config["maxInputChars"] = 100
    chat.reload()
    count = chat.page.locator("#count")
    chat.box.fill("b" * 87)
    expect(count).to_have_text("87 of 100 characters")

    chat.box.fill("b" * 107)
    expect(count).to_contain_text("Too long: 107 of 100 characters.")
    chat.box.press("Enter")
    assert len(server.requests) == 0
    expect(chat.page.get_by_role("button", name="Send")).to_be_disabled()

    chat.box.fill("short")
    expect(count).to_have_text("")
    chat.box.fill("")
    expect(count).to_have_text("")


def test_enter_can_be_made_to_break_the_line(chat: ChatPage) -> None:
    dialog = chat.open_settings()
    dialog.get_by_label("Enter key").select_option(label="Starts a new line")
    chat.page.keyboard.press("Escape")
    chat.box.press_sequentially("say a")
    chat.box.press("Enter")
    chat.box.press_sequentially("b")
    expect(chat.box).to_have_value("say a\nb")
    chat.box.press("Control+Enter")

    expect(chat.questions).to_have_count(1)


def test_saved_prompts_are_offered_after_a_slash(chat: ChatPage) -> None:
    dialog = chat.open_settings()
    for name, text in (("translate", "Translate into Japanese: "), ("tidy", "Tidy this up: ")):
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_label("Text", exact=True).fill(text)
        dialog.get_by_role("button", name="Save prompt").click()
    chat.page.keyboard.press("Escape")
    chat.box.press_sequentially("/t")
    options = chat.page.get_by_role("option")
    expect(options).to_have_count(2)
    chat.box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    chat.box.press("Enter")

    expect(chat.box).to_have_value("Tidy this up:")
    expect(options).to_have_count(0)
    chat.reload()
    chat.box.fill("/tra")
    chat.box.press("Tab")
    expect(chat.box).to_have_value("Translate into Japanese:")


def test_an_example_is_sent(chat: ChatPage) -> None:
    chat.page.get_by_role("button", name="Explain how rainbows form").click()

    expect(chat.body(chat.questions.first)).to_have_text("Explain how rainbows form, in three sentences")
    expect(chat.body(chat.finished())).to_contain_text("You said: Explain")


def test_typing_goes_on_in_the_box_after_a_click_on_send(chat: ChatPage) -> None:
    chat.box.fill("say hello")
    chat.page.get_by_role("button", name="Send").click()
    chat.finished()
    chat.page.keyboard.type("next")

    expect(chat.box).to_have_value("next")


def test_what_is_typed_before_the_page_is_ready_stays(context: BrowserContext) -> None:
    page = context.new_page()
    page.add_init_script("""
        const { fetch } = window;
        const held = new Promise((resolve) => { window.release = resolve; });
        window.fetch = async (...request) => {
            if (request[0] === '/config.json') await held;
            return fetch(...request);
        };
    """)
    page.goto("/")
    chat = ChatPage(page)
    chat.box.press_sequentially("early words")
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    page.evaluate("() => window.release()")
    chat.ready()

    expect(chat.box).to_have_value("early words")
    page.reload()
    page.evaluate("() => window.release()")
    chat.ready()
    expect(chat.box).to_have_value("early words")


def test_a_notice_never_covers_the_box(chat: ChatPage) -> None:
    chat.page.evaluate(PASTE, ["photo.png", [137, 80, 78, 71, 0, 1]])
    toast = chat.toasts.get_by_text("is not a text file")
    expect(toast).to_be_visible()
    shown, box = toast.bounding_box(), chat.page.locator("#composer").bounding_box()
    assert shown
    assert box

    assert shown["y"] + shown["height"] <= box["y"]
