"""Whatever a model writes, the page goes on: no task holds it up for long, and no answer is empty.

A task is measured in processor time, because on a busy machine the clock also counts what others do meanwhile.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.gates import longest_task
from tests.support.chat_page import ChatPage
from tests.support.heavy_answers import HEAVY, mutated
from tests.support.page_server import PageServer

LONGEST_MS = 200
# Processor time, too, depends on the machine.
TOLERANCE = 3


@pytest.fixture(scope="module")
def renderer(browser: Browser) -> Iterator[Page]:
    with PageServer() as server:
        context = browser.new_context(base_url=server.origin, viewport={"width": 1280, "height": 800})
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto("/harness.html")
        page.wait_for_function("() => Boolean(window.render)")
        # The first formula and the first code load what they need.
        page.evaluate("text => render([text])", "$x$\n\n```js\nx\n```\n\n```md\nx\n```")
        yield page
        context.close()


def arrive(browser: Browser, page: Page, text: str, count: int) -> tuple[str, float, float]:
    """Let `text` come in `count` pieces; returns what is shown then and its longest task (processor, clock), in ms."""
    size = -(-len(text) // count)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    browser.start_tracing(page=page, categories=["devtools.timeline", "disabled-by-default-devtools.timeline"])
    shown: str = page.evaluate("pieces => arrive(pieces)", pieces)
    clock, processor = longest_task(browser.stop_tracing())
    return shown, processor, clock


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_answer_neither_holds_up_the_page_nor_is_empty(
    browser: Browser, renderer: Page, name: str, measured: Callable[[str], None]
) -> None:
    tasks = []
    for count in (1, 20):
        shown, *task = arrive(browser, renderer, HEAVY[name], count)
        tasks.append(task)
        assert shown.strip()

    processor, clock = max(tasks)
    measured(f"{name}: longest task {processor:.0f} ms of processor time, {clock:.0f} ms by the clock")
    assert processor <= LONGEST_MS * TOLERANCE


def test_nor_does_one_that_was_torn_apart(browser: Browser, renderer: Page, measured: Callable[[str], None]) -> None:
    longest = 0.0
    for seed in range(0, 60, 3):
        text = "\n\n".join(mutated(seed + step) for step in range(3))
        shown, processor, _ = arrive(browser, renderer, text, 10)
        longest = max(longest, processor)
        assert shown.strip(), f"seed {seed}"
        assert processor <= LONGEST_MS * TOLERANCE, f"seed {seed}"
    measured(f"answers torn apart: longest task {longest:.0f} ms of processor time")


def test_the_rest_of_a_long_table_is_shown_as_written_until_it_is_asked_for(renderer: Page) -> None:
    rows = "\n".join(f"| {number} | *row* |" for number in range(1_500))
    renderer.evaluate("text => render([text])", f"| a | b |\n|---|--:|\n{rows}\n\nafter")
    assert renderer.locator("tbody tr").count() == 1_000
    assert "| 1499 | *row* |" in renderer.locator(".rest").inner_text()

    renderer.get_by_role("button", name="Show all").click()
    renderer.locator("tbody tr").nth(1_499).wait_for()
    assert renderer.locator("tbody tr").count() == 1_500
    assert renderer.locator("tbody tr").last.locator("td.right em").inner_text() == "row"
    assert renderer.locator(".rest, button").count() == 0


def test_what_cannot_be_rendered_is_shown_as_it_was_written(renderer: Page) -> None:
    renderer.evaluate("""() => {
        const create = document.createElement;
        window.broken = [];
        window.addEventListener('error', (event) => { window.broken.push(event.message); event.preventDefault(); });
        document.createElement = function (name, ...rest) {
            if (name === 'table') throw new Error('no tables today');
            return create.call(this, name, ...rest);
        };
        window.mend = () => { document.createElement = create; };
    }""")
    text = "before *it*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter **it**"
    for pieces in ([text], list(text)):
        shown = renderer.evaluate("pieces => arrive(pieces)", pieces)
        assert "| a | b |" in shown
        assert renderer.locator("em, strong").all_inner_texts() == ["it", "it"]
    assert any("no tables today" in message for message in renderer.evaluate("() => window.broken"))
    renderer.evaluate("() => window.mend()")


def test_an_answer_of_thousands_of_quotes_is_there_after_a_reload(chat: ChatPage, context: BrowserContext) -> None:
    answer = chat.ask("say " + ">" * 3_000 + " deep")
    chat.body(answer).get_by_text("deep").wait_for()
    chat.reload()

    chat.body(chat.answers.last).get_by_text("deep").wait_for()
    assert len(context.pages) == 1
