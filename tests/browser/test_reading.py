"""Reading: the page follows the answer only for a reader who is there, and nothing jumps."""

from playwright.sync_api import expect

from tests.support.chat_page import FILL, ChatPage

LONG = "pace 15 " + "\n\n".join(f"Paragraph {number} of a long answer." for number in range(150))

DISTANCE = (
    "() => { const s = document.getElementById('scroller'); return s.scrollHeight - s.scrollTop - s.clientHeight; }"
)


def distance(chat: ChatPage) -> float:
    value: float = chat.page.evaluate(DISTANCE)
    return value


def test_the_page_follows_the_answer(chat: ChatPage) -> None:
    chat.send(LONG)
    expect(chat.body(chat.answers.last)).to_contain_text("Paragraph 40 of")

    assert distance(chat) < 50
    expect(chat.page.get_by_role("button", name="Latest")).to_be_hidden()


def test_who_scrolls_up_stays_there_and_can_go_back(chat: ChatPage) -> None:
    chat.send(LONG)
    expect(chat.body(chat.answers.last)).to_contain_text("Paragraph 40 of")
    chat.page.mouse.move(700, 300)
    chat.page.mouse.wheel(0, -600)
    latest = chat.page.get_by_role("button", name="Latest")
    expect(latest).to_be_visible()
    top = chat.page.evaluate("() => document.getElementById('scroller').scrollTop")
    expect(chat.body(chat.answers.last)).to_contain_text("Paragraph 70 of")
    assert abs(chat.page.evaluate("() => document.getElementById('scroller').scrollTop") - top) < 2

    latest.click()
    expect(latest).to_be_hidden()
    assert distance(chat) < 50
    expect(chat.body(chat.answers.last)).to_contain_text("Paragraph 90 of")
    assert distance(chat) < 50


def test_messages_are_jumped_between_by_key(chat: ChatPage) -> None:
    for number in range(4):
        chat.ask(f"say answer {number}\n\n" + "\n\n".join(["text"] * 15))
    chat.page.keyboard.press("Alt+ArrowUp")
    focused = chat.page.locator("article:focus")
    expect(focused).to_have_count(1)
    chat.page.keyboard.press("k")
    chat.page.keyboard.press("k")
    before = focused.get_attribute("data-id")
    chat.page.keyboard.press("j")
    assert focused.get_attribute("data-id") != before

    chat.page.keyboard.press("/")
    expect(chat.box).to_be_focused()
    chat.box.press_sequentially("jk?")
    expect(chat.box).to_have_value("jk?")


def test_nothing_shifts_while_an_answer_streams(chat: ChatPage) -> None:
    chat.ask("say hello")  # from now on the header knows the model's name
    blocks = ["# Heading", "text " * 30, "- a\n- b", "```python\nx = 1\n```", "| a |\n|---|\n| 1 |"] * 4
    chat.send("pace 8 " + "\n\n".join(blocks))
    # The browser does not count what follows a key or a click within half a second.
    chat.page.wait_for_timeout(600)
    chat.page.evaluate("""() => {
        window.shifts = [];
        // What has no node is the caret at the end of the text, which is meant to move.
        const moved = ({ sources }) => sources.some(({ node }) => node);
        const seen = (list) => list.getEntries().filter(moved);
        new PerformanceObserver((list) => window.shifts.push(...seen(list).map(({ value, sources }) =>
            [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? String(node?.textContent))])))
            .observe({ type: 'layout-shift' });
    }""")
    assert chat.stop.is_visible()
    chat.finished()
    chat.page.wait_for_timeout(300)

    assert chat.page.evaluate("() => window.shifts") == []


def test_a_selection_survives_while_the_answer_grows(chat: ChatPage) -> None:
    chat.send("pace 30 " + "first words here " + "and more of them " * 40)
    expect(chat.body(chat.answers.last)).to_contain_text("here and more")
    chat.page.evaluate("""() => {
        const text = document.querySelector('.assistant p').firstChild;
        getSelection().setBaseAndExtent(text, 0, text, 11);
    }""")
    chat.finished()

    assert chat.page.evaluate("() => String(getSelection())") == "first words"


def test_a_long_conversation_opens_at_its_end_and_is_all_there(chat: ChatPage) -> None:
    chat.page.evaluate(FILL, 300)
    chat.reload()
    chat.page.get_by_role("link", name="A long one").click()
    expect(chat.page.locator("article[data-id=m299]")).to_be_in_viewport()

    expect(chat.page.locator("article")).to_have_count(300)
    expect(chat.page.locator("article[data-id=m299]")).to_be_in_viewport()
    expect(chat.page.locator("article").first).to_contain_text("Question 0")
