"""Every screen and setting: phones, themes, languages, right to left, paper, no network, no motion."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer

WIDE = (
    "say | " + " | ".join(f"column{n}" for n in range(12)) + " |\n" + "|---" * 12 + "|\n\n`" + "x" * 200 + "`\n\n```\n"
)
WIDE += "y" * 300 + "\n```\n\nhttps://example.com/" + "z" * 200

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 2560])
def test_nothing_is_wider_than_the_screen(new_context: Callable[..., BrowserContext], width: int) -> None:
    chat = ChatPage(new_context(viewport={"width": width, "height": 720}).new_page()).open()
    chat.ask(WIDE)

    assert chat.page.evaluate(OVERFLOW) <= 0
    scroller = "() => { const s = document.getElementById('scroller'); return s.scrollWidth - s.clientWidth; }"
    assert chat.page.evaluate(scroller) <= 0
    for control in (chat.box, chat.page.get_by_role("button", name="Send")):
        box = control.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_on_a_phone_the_list_is_a_drawer(new_context: Callable[..., BrowserContext]) -> None:
    chat = ChatPage(new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).new_page())
    chat.open().box.fill("say first")
    chat.page.get_by_role("button", name="Send").tap()
    chat.finished()
    chat.page.get_by_role("button", name="New conversation").tap()
    expect(chat.answers).to_have_count(0)

    chat.page.get_by_role("button", name="Conversations").tap()
    expect(chat.page.get_by_role("button", name="Close the list")).to_be_focused()
    chat.page.get_by_role("link", name="say first").tap()
    expect(chat.body(chat.answers.last)).to_contain_text("first")
    expect(chat.page.get_by_role("link", name="say first")).not_to_be_visible()


def test_on_a_touch_screen_enter_breaks_the_line(new_context: Callable[..., BrowserContext]) -> None:
    chat = ChatPage(new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).new_page())
    chat.open().box.press_sequentially("a")
    chat.box.press("Enter")

    expect(chat.box).to_have_value("a\n")


def background(chat: ChatPage) -> str:
    colour: str = chat.page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    return colour


LIGHT, DARK = "rgb(250, 249, 246)", "rgb(25, 24, 23)"


def test_the_theme_follows_the_system_or_the_choice(new_context: Callable[..., BrowserContext]) -> None:
    chat = ChatPage(new_context(color_scheme="dark").new_page()).open()
    assert background(chat) == DARK
    chat.page.emulate_media(color_scheme="light")
    assert background(chat) == LIGHT

    chat.open_settings().get_by_label("Theme").select_option(label="Dark")
    assert background(chat) == DARK
    chat.page.emulate_media(color_scheme="light")
    assert background(chat) == DARK


def test_a_chosen_theme_is_there_before_anything_is_painted(chat: ChatPage) -> None:
    chat.open_settings().get_by_label("Theme").select_option(label="Dark")
    # The page's main script never comes: what is shown is what the first paint shows.
    chat.page.route("**/assets/main-*.js", lambda route: route.abort())
    chat.page.goto("/", wait_until="commit")
    expect(chat.page.get_by_role("heading", name="What is on your mind?")).to_be_visible()

    assert background(chat) == DARK


def test_the_language_follows_the_browser_or_the_choice(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(locale="ja-JP").new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="何をお話ししましょう？")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.get_by_role("button", name="設定", exact=True).click()
    page.get_by_label("言語").select_option(label="English")

    expect(page.get_by_role("heading", name="What is on your mind?")).to_be_visible()
    expect(page.get_by_placeholder("Message")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="What is on your mind?")).to_be_visible()


def test_a_change_of_language_keeps_a_running_answer(chat: ChatPage) -> None:
    chat.send("pace 30 " + "word " * 60)
    expect(chat.body(chat.answers.last)).to_contain_text("word")
    chat.open_settings().get_by_label("Language").select_option(label="日本語")
    answer = chat.page.get_by_role("article", name="アシスタント")
    expect(answer).to_have_count(1)
    expect(answer).not_to_have_attribute("aria-busy", "true")

    assert answer.locator(".body").inner_text().split() == ["word"] * 60


def test_right_to_left_text_reads_from_the_right(chat: ChatPage) -> None:
    answer = chat.ask("say مرحبا بالعالم\n\nand english")

    direction = "element => getComputedStyle(element).direction"
    assert answer.get_by_text("مرحبا").evaluate(direction) == "rtl"
    assert answer.get_by_text("and english").evaluate(direction) == "ltr"
    chat.box.fill("שלום")
    assert chat.box.evaluate(direction) == "rtl"


def test_on_paper_there_is_only_the_conversation_and_all_of_it(chat: ChatPage) -> None:
    for number in range(3):
        chat.ask(f"say answer {number}\n\n" + "\n\n".join(["paragraph"] * 30))
    chat.page.emulate_media(media="print")

    expect(chat.box).to_be_hidden()
    expect(chat.page.get_by_role("navigation")).to_be_hidden()
    expect(chat.body(chat.answers.first)).to_be_visible()
    height = chat.page.evaluate("() => document.body.scrollHeight")
    assert height > 3 * 30 * 20
    pages = chat.page.pdf().count(b"/Type /Page\n")
    assert pages > 1


def test_the_shell_opens_without_a_network_and_says_so(chat: ChatPage, server: PageServer) -> None:
    chat.ask("say kept for later with `code`")
    chat.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    chat.reload()
    chat.page.wait_for_function("() => navigator.serviceWorker.controller")
    server.stop()
    chat.page.context.set_offline(True)
    chat.reload()

    expect(chat.page.get_by_text("You are offline. You can read and write")).to_be_visible()
    expect(chat.body(chat.answers.last)).to_contain_text("kept for later")
    chat.open_settings()


def test_it_can_be_installed(chat: ChatPage) -> None:
    devtools = chat.page.context.new_cdp_session(chat.page)
    manifest = devtools.send("Page.getAppManifest")

    assert manifest["errors"] == []
    assert "standalone" in manifest["data"]
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )


def test_nothing_moves_for_who_asked_for_it(new_context: Callable[..., BrowserContext]) -> None:
    chat = ChatPage(new_context(reduced_motion="reduce").new_page()).open()
    chat.send("silence 1")
    expect(chat.page.locator(".waiting")).to_be_attached()

    assert chat.page.evaluate("() => document.getAnimations().length") == 0


def test_the_demonstration_model_is_named_as_one(chat: ChatPage, server: PageServer) -> None:
    server.config["demo"] = True
    chat.reload()

    notice = chat.page.get_by_text("A small demonstration model is answering")
    expect(notice).to_contain_text("OPENAI_API_KEY")
    expect(notice).to_contain_text("OPENAI_BASE_URL")
    chat.page.get_by_role("button", name="Dismiss").click()
    expect(notice).not_to_be_attached()
