"""For everybody: no axe violations, every control within reach of the keyboard, answers announced but not read out."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.test_writing import PASTE
from tests.support.chat_page import ChatPage

AXE = (Path(__file__).resolve().parents[1] / "node_modules/axe-core/axe.min.js").read_text()
RICH = (
    "say # Heading\n\nText with `code`, **bold** and a [link](https://example.com).\n\n- [x] done\n- [ ] open\n\n"
    "| a | b |\n|---|--:|\n| 1 | 2 |\n\n> quote\n\n$x^2$\n\n"
    "```python\ndef f(x):  # comment\n    return 'text' + str(1)\n```\n"
)


def violations(chat: ChatPage) -> list[str]:
    chat.page.evaluate(f"() => {{ {AXE} }}")
    found: list[str] = chat.page.evaluate("""async () => {
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) =>
            html.slice(0, 120) + ' ' + any.map(({ message }) => message).join()).join(' | ')}`);
    }""")
    return found


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext]) -> ChatPage:
    return ChatPage(new_context(color_scheme=request.param).new_page()).open()


def test_the_empty_page(themed: ChatPage) -> None:
    found = violations(themed)
    assert found == [], "\n".join(found)


def test_a_conversation_with_everything_in_it(themed: ChatPage) -> None:
    themed.ask(RICH)
    themed.ask("status 429 20")
    themed.page.mouse.move(0, 0)
    themed.page.wait_for_timeout(200)

    found = violations(themed)
    assert found == [], "\n".join(found)


def test_in_the_middle_of_an_answer(themed: ChatPage) -> None:
    themed.send("pace 40 " + "some words " * 100)
    expect(themed.body(themed.answers.last)).to_contain_text("words")

    found = violations(themed)
    assert found == [], "\n".join(found)
    assert themed.stop.is_visible()


def test_what_opens_and_what_goes_wrong(themed: ChatPage) -> None:
    themed.page.evaluate(PASTE, ["a.txt", list(b"text")])
    expect(themed.page.get_by_text("a.txt")).to_be_visible()
    themed.ask("a file")
    themed.ask("think about " + "line\n" * 20).get_by_text("Thought for").click()
    themed.ask("short 3")
    themed.page.evaluate(PASTE, ["b.txt", list(b"text")])
    expect(themed.page.get_by_text("b.txt")).to_be_visible()
    themed.page.wait_for_timeout(300)
    found = violations(themed)
    assert found == [], "\n".join(found)

    themed.page.get_by_role("button", name=re.compile("^Model:")).click()
    expect(themed.page.get_by_role("menu")).to_be_visible()
    found = violations(themed)
    assert found == [], "\n".join(found)
    themed.page.keyboard.press("Escape")
    themed.open_settings().get_by_role("button", name="Delete all…").click()
    expect(themed.page.get_by_role("dialog", name="Delete all…")).to_be_visible()
    found = violations(themed)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", ["Settings", "Keyboard shortcuts", "This conversation’s settings"])
def test_dialogs(themed: ChatPage, name: str) -> None:
    themed.page.get_by_role("button", name=re.compile(f"^{name}")).click()
    expect(themed.page.get_by_role("dialog")).to_be_visible()

    found = violations(themed)
    assert found == [], "\n".join(found)
    themed.page.keyboard.press("Escape")
    expect(themed.page.get_by_role("dialog")).not_to_be_attached()
    expect(themed.page.get_by_role("button", name=re.compile(f"^{name}"))).to_be_focused()


def test_the_drawer_on_a_phone(new_context: Callable[..., BrowserContext]) -> None:
    chat = ChatPage(new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).new_page())
    chat.open().box.fill("say hello")
    chat.page.get_by_role("button", name="Send").tap()
    chat.finished()
    chat.page.get_by_role("button", name="Conversations").click()
    chat.page.wait_for_timeout(300)

    assert violations(chat) == []


def test_the_beginning_and_the_end_of_an_answer_are_announced_and_nothing_between(chat: ChatPage) -> None:
    chat.page.evaluate("""() => {
        window.said = [];
        new MutationObserver(() => {
            const { textContent } = document.getElementById('announcer');
            if (textContent) window.said.push(textContent);
        }).observe(document.getElementById('announcer'), { childList: true, characterData: true, subtree: true });
    }""")
    chat.ask("pace 20 " + "word " * 20)
    chat.page.wait_for_timeout(200)

    assert chat.page.evaluate("() => window.said") == ["The answer is being written", "The answer is complete"]
    live = "[aria-live]:not([aria-live=off]), [role=log], [role=alert], [role=status], output:not([aria-live=off])"
    assert chat.page.locator(f"main :is({live})").count() == 0


def test_landmarks_and_names(chat: ChatPage) -> None:
    for role, name in (("navigation", "Conversations"), ("main", "Conversation")):
        expect(chat.page.get_by_role(role, name=name)).to_be_visible()  # type: ignore[arg-type]  # a literal elsewhere
    expect(chat.page.get_by_role("banner")).to_be_visible()
    expect(chat.page.get_by_role("contentinfo")).to_be_visible()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Chat")


def test_everything_can_be_reached_with_the_tab_key(chat: ChatPage) -> None:
    chat.ask("say hello")
    chat.page.evaluate("() => document.activeElement.blur()")
    reached = set()
    for _ in range(40):
        chat.page.keyboard.press("Tab")
        reached.add(
            chat.page.evaluate(
                "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"
            )
        )
    wanted = {
        "Skip to the message box",
        "New conversation",
        "Search all conversations",
        "say hello",
        "More: say hello",
        "Settings",
        "Keyboard shortcuts",
        "This conversation’s settings",
        "Model: scripted",
        "Answer again with another model",
        "Copy message",
        "Edit",
        "Answer again",
        "Statistics",
        "Message",
        "Add a text file",
    }
    assert wanted - reached == set()


def test_the_shortcut_sheet_opens_with_a_question_mark(chat: ChatPage) -> None:
    chat.page.evaluate("() => document.activeElement.blur()")
    chat.page.keyboard.press("?")

    expect(chat.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_the_list_s_menu_is_moved_through_with_arrows(chat: ChatPage) -> None:
    chat.ask("say hello")
    more = chat.page.get_by_role("button", name="More: say hello")
    more.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("menuitem", name="Rename")).to_be_focused()
    chat.page.keyboard.press("ArrowUp")
    expect(chat.page.get_by_role("menuitem", name="Delete")).to_be_focused()
    chat.page.keyboard.press("Escape")

    expect(more).to_be_focused()
