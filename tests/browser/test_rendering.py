"""The renderer: wherever an answer is cut as it comes, the page ends up as if it had come at once. And it is safe."""

import random
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.documents import HOSTILE, random_document
from tests.support.page_server import PageServer
from tests.support.typical_answers import TYPICAL


@pytest.fixture
def renderer(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/harness.html")
    page.wait_for_function("() => Boolean(window.render)")
    return page


def pieces_of(text: str, chance: random.Random, longest: int) -> list[str]:
    """The document's bytes, one per character, cut at random; also inside a character."""
    data = text.encode().decode("latin-1")
    pieces = []
    while data:
        length = chance.randint(1, longest)
        pieces.append(data[:length])
        data = data[length:]
    return pieces


@pytest.mark.parametrize("batch", range(10))
def test_two_hundred_random_documents_render_the_same_in_pieces_and_at_once(renderer: Page, batch: int) -> None:
    for seed in range(batch * 20, batch * 20 + 20):
        chance = random.Random(seed)  # noqa: S311 - documents, not secrets
        text = random_document(chance)
        pieces = pieces_of(text, chance, chance.choice([3, 17, 60, 400]))
        in_pieces = renderer.evaluate("pieces => render(pieces, true)", pieces)
        at_once = renderer.evaluate("text => render([text])", text)
        assert in_pieces == at_once, f"seed {seed}:\n{text}"


@pytest.mark.parametrize("name", TYPICAL)
def test_what_is_shown_while_an_answer_comes_is_not_taken_back(renderer: Page, name: str) -> None:
    text = TYPICAL[name]
    *steps, end = renderer.evaluate("text => steps(text, 96)", text)
    assert end["seen"] == end["whole"]

    taken_back = [step["seen"][-60:] for step in steps if not end["seen"].startswith(step["seen"])]
    assert len(taken_back) <= 5, taken_back
    raw = [step["seen"][-60:] for step in steps if re.search(r"\*\*|~~|\]\(|`|\$\$|\\frac|^\||\[!|#", step["seen"])]
    assert raw == []


def test_at_every_moment_everything_that_has_come_is_shown_but_for_the_marks_at_its_end(renderer: Page) -> None:
    address = "(https://example.com/a?b=1&amp;c=2)"
    for seed in range(500, 530):
        chance = random.Random(seed)  # noqa: S311 - documents, not secrets
        text = random_document(chance)
        steps = renderer.evaluate("([text, count]) => steps(text, count)", [text, len(text) // 7 + 1])
        assert steps[-1]["seen"] == steps[-1]["whole"], f"seed {seed}:\n{text}"
        for step in steps:
            missing = len(step["whole"]) - len(step["seen"])
            assert missing <= 2 * len(address), f"seed {seed}, after {step['at']}: {step['whole'][-100:]!r}"


def test_nothing_an_answer_contains_runs_or_is_fetched(renderer: Page, server: PageServer) -> None:
    elsewhere: list[str] = []
    renderer.on("request", lambda request: elsewhere.append(request.url))
    renderer.on("dialog", lambda dialog: elsewhere.append(dialog.message))
    renderer.evaluate("() => { window.ran = []; window.alert = (what) => window.ran.push(what); }")

    for text in HOSTILE:
        renderer.evaluate("text => render([text])", text)
        renderer.evaluate("text => render(text.match(/[^]{1,5}/g))", text)
        for link in renderer.locator("a").all():
            assert (link.get_attribute("href") or "").startswith(("https://", "http://", "mailto:"))
            assert link.get_attribute("rel") == "noopener noreferrer"
            assert link.get_attribute("target") == "_blank"
        attributes = renderer.evaluate(
            "() => [...document.body.querySelectorAll(':not(math, math *)')].flatMap(e => e.getAttributeNames())"
        )
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "srcdoc"}]
        forbidden = (
            "script, style, iframe, object, embed, img, svg:not([aria-hidden]), form, link, meta, base, video, audio"
        )
        assert renderer.locator(f"body :is({forbidden})").count() == 0, text

    assert renderer.evaluate("() => window.ran") == []
    assert [url for url in elsewhere if not url.startswith(f"{server.origin}/harness/")] == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title", '<h2 dir="auto">Title</h2>'),
        (
            "a **b** *c* ~~d~~ `e<f>`",
            '<p dir="auto">a <strong>b</strong> <em>c</em> <del>d</del> <code>e&lt;f&gt;</code></p>',
        ),
        ("a<br>b", '<p dir="auto">a<br>b</p>'),
        (
            "&copy; &#169; &#xa9; &amp;lt; &nosuch; `&amp;`",
            '<p dir="auto">© © © &amp;lt; &amp;nosuch; <code>&amp;amp;</code></p>',
        ),
        ("1. a\n   - b\n2. c", '<ol dir="auto"><li>a<ul dir="auto"><li>b</li></ul></li><li>c</li></ol>'),
        ("5. a", '<ol dir="auto" start="5"><li>a</li></ol>'),
        (
            "- [x] done",
            ('<ul dir="auto"><li class="task"><span class="box" role="img" aria-label="Done">☑</span> done</li></ul>'),
        ),
        (
            "[a](https://e.com/?x=1&amp;y=2)",
            (
                '<p dir="auto"><a href="https://e.com/?x=1&amp;y=2" title="https://e.com/?x=1&amp;y=2" '
                'rel="noopener noreferrer" target="_blank">a</a></p>'
            ),
        ),
        ("[a](/relative) ![b](data:image/png;base64,x)", '<p dir="auto">a b</p>'),
        ("it costs $5 and $10", '<p dir="auto">it costs $5 and $10</p>'),
        ("    indented", None),
    ],
)
def test_markdown_becomes(renderer: Page, text: str, html: str | None) -> None:
    rendered = renderer.evaluate("text => render([text])", text)
    if html is None:
        assert "<pre" in rendered
    else:
        assert rendered == html


def test_a_table_keeps_its_alignment(renderer: Page) -> None:
    renderer.evaluate("text => render([text])", "| a | b |\n|:-:|--:|\n| 1 | 2 |")

    assert renderer.locator("th.center").inner_text() == "a"
    assert renderer.locator("td.right").inner_text() == "2"


def test_an_image_becomes_a_link_with_its_description(renderer: Page) -> None:
    renderer.evaluate("text => render([text])", "![A cat](https://example.com/cat.png)")

    link = renderer.get_by_role("link", name="A cat")
    assert link.get_attribute("href") == "https://example.com/cat.png"
    assert renderer.locator("img").count() == 0


def test_code_is_coloured_and_its_text_is_unchanged(renderer: Page) -> None:
    code = "def f(x):\n    return 'a' + x  # 日本語\n" * 40
    renderer.evaluate("text => render([text])", f"```python\n{code}```")

    assert renderer.locator("pre code").text_content() == code.rstrip("\n")
    assert renderer.locator(".hl-keyword").first.inner_text() == "def"
    assert renderer.get_by_text("python", exact=True).is_visible()


def test_formulas_become_mathml(renderer: Page) -> None:
    renderer.evaluate("text => render([text])", "Euler: $e^{i\\pi} = -1$\n\n$$\n\\frac{a}{b}\n$$\n\n\\[ x_1 \\]")

    assert renderer.locator("p math msup").count() == 1
    assert renderer.locator(".display math mfrac").count() == 1
    assert renderer.locator(".display math msub").count() == 1


def test_a_formula_can_neither_link_nor_load(renderer: Page, server: PageServer) -> None:
    text = r"$\href{javascript:alert(1)}{x}$ $\includegraphics{https://evil.example/x.png}$ $\style{position:fixed}{y}$"
    renderer.evaluate("text => render([text])", text)

    assert renderer.locator("body :is(a, img, [href], [src])").count() == 0
    assert server.origin in renderer.url


def test_what_is_copied_by_hand_has_formulas_as_tex_and_code_without_its_frame(renderer: Page) -> None:
    text = "so $E = mc^2$[^1]\n\n$$\n\\frac{a}{b}\n$$\n\n- [x] done\n\n```python\nx = 1\n```\n\n[^1]: A note."
    renderer.evaluate("text => render([text])", text)
    copied = """node => {
        let copied;
        const range = document.createRange();
        range.setStart(node.querySelector('p').firstChild, 0);
        range.setEndAfter(node.querySelector('pre code').lastChild);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        const listen = ({ clipboardData }) => { copied = clipboardData.getData('text/plain'); };
        document.addEventListener('copy', listen);
        document.execCommand('copy');
        document.removeEventListener('copy', listen);
        return copied;
    }"""

    assert renderer.locator(".body").evaluate(copied) == ("so $E = mc^2$[1]\n\n$$\n\\frac{a}{b}\n$$\n\n☑ done\n\nx = 1")


def test_half_a_formula_is_copied_as_a_whole(renderer: Page) -> None:
    renderer.evaluate("text => render([text])", "so $a + b$ then")
    copied = """math => {
        let copied;
        const [first, last] = math.querySelectorAll('mi');
        getSelection().setBaseAndExtent(first.firstChild, 0, last.firstChild, 1);
        document.addEventListener('copy', ({ clipboardData }) => { copied = clipboardData.getData('text/plain'); });
        document.execCommand('copy');
        return copied;
    }"""

    assert renderer.locator("math").evaluate(copied) == "$a + b$"


def test_a_footnote_s_mark_leads_to_its_note(renderer: Page) -> None:
    renderer.evaluate("text => render([text])", "a[^why]\n\n" + "text\n\n" * 100 + "[^why]: Because.")
    renderer.get_by_role("button", name="Footnote why").click()

    note = renderer.get_by_role("note")
    expect(note).to_be_focused()
    expect(note).to_be_in_viewport()


def test_code_whose_grammar_takes_too_long_stays_plain_and_the_next_is_coloured(renderer: Page) -> None:
    renderer.evaluate("text => render([text])", "```md\n" + "[a](" * 4096 + "\n```\n\n```python\nx = 1\n```")

    assert renderer.locator("[data-language=md] span[class^=hl]").count() == 0
    assert renderer.locator("[data-language=md]").inner_text() == "[a](" * 4096
    assert renderer.locator("[data-language=python] .hl-number").inner_text() == "1"
