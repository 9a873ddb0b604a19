"""The renderer: wherever an answer is cut while it comes, the page ends up as if it had come at once. And it is safe."""

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.documents import hostile, random_document
from tests.support.page_server import PageServer


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
