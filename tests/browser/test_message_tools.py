"""What can be done with a message: long ones fold, code is wrapped and saved, answers are copied with their format."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.support.chat_page import ChatPage

CODE = "say ```python\nprint('" + "x" * 300 + "')\n```"


def test_a_long_question_is_folded(chat: ChatPage) -> None:
    chat.ask("say " + "line\n" * 40 + "the end")
    body = chat.body(chat.questions.first)
    box = body.bounding_box()
    assert box
    assert box["height"] < 400
    chat.questions.first.get_by_role("button", name="Show all").click()
    box = body.bounding_box()
    assert box
    assert box["height"] > 700

    chat.questions.first.get_by_role("button", name="Show less").click()
    expect(chat.questions.first.get_by_role("button", name="Show all")).to_have_attribute("aria-expanded", "false")


def test_a_message_says_when_it_was_written(chat: ChatPage) -> None:
    answer = chat.ask("say hello")
    answer.hover()

    expect(answer.locator("time")).to_have_text(re.compile(r"^\d{1,2}:\d\d"))


def test_code_can_be_wrapped(chat: ChatPage) -> None:
    answer = chat.ask(CODE)
    wide = "pre => pre.scrollWidth > pre.clientWidth"
    pre = answer.locator("pre")
    assert pre.evaluate(wide)
    button = answer.get_by_role("button", name="Wrap lines")
    button.click()

    expect(button).to_have_attribute("aria-pressed", "true")
    assert not pre.evaluate(wide)


def test_code_can_be_saved_as_a_file(chat: ChatPage) -> None:
    answer = chat.ask(CODE)
    with chat.page.expect_download() as download:
        answer.get_by_role("button", name="Download code").click()

    assert download.value.suggested_filename == "code.py"
    assert Path(download.value.path()).read_text() == "print('" + "x" * 300 + "')\n"


def test_an_answer_is_copied_as_markdown_and_as_rich_text(chat: ChatPage) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = chat.ask("say **bold** [link](https://example.com)\n\n```python\nx = 1\n```")
    chat.act(answer, "Copy message")
    chat.page.wait_for_timeout(300)
    html = chat.page.evaluate("""async () => {
        const [item] = await navigator.clipboard.read();
        return (await item.getType('text/html')).text();
    }""")

    assert "<strong>bold</strong>" in html
    assert 'href="https://example.com/"' in html
    assert re.search(r"<pre[^>]*><code[^>]*>x = 1</code></pre>", html)
    assert "Copy" not in html
    assert "class=" not in html
