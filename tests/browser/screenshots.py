"""Takes the README's pictures, and with a folder named all the others one wants to look at: `make screenshots`."""

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser.test_writing import PASTE
from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer
from tools.checks.ensure_chromium import find

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
EVERY_SIZE: tuple[ViewportSize, ...] = (
    {"width": 390, "height": 844},
    {"width": 820, "height": 1180},
    {"width": 1440, "height": 900},
)

QUESTION = "How do I merge two sorted lists in Python?"
ANSWER = """Walk through both lists at once and always take the smaller head. It takes **one pass**, \
so the time is $O(n + m)$:

```python
def merge(left: list[int], right: list[int]) -> list[int]:
    merged, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]  # one of them is empty
```

The standard library has it, too:

| | returns | memory |
|---|---|---|
| `heapq.merge(a, b)` | an iterator | constant |
| `sorted(a + b)` | a list | both lists |

Prefer `heapq.merge` for *long* inputs: it never holds both at once.
"""
SECOND = "And if they are in descending order?"
SECOND_ANSWER = """Then say so, and nothing else changes:

1. `heapq.merge(a, b, reverse=True)`
2. or, in the function above, turn `<=` into `>=`.
"""
OLDER = ("Plan a weekend in Kyoto", "東京から京都までの行き方", "Explain how rainbows form, in three sentences")


def fill(chat: ChatPage, server: PageServer, *, second: bool) -> None:
    """A conversation worth looking at, and some older ones in the list."""
    server.answers = {QUESTION: ANSWER, SECOND: SECOND_ANSWER}
    for title in OLDER:
        chat.ask(title)
        chat.page.keyboard.press("Control+Shift+O")
    chat.ask(QUESTION)
    if second:
        chat.ask(SECOND)
    chat.page.evaluate("() => Promise.all(document.getAnimations().map((animation) => animation.finished))")
    chat.page.wait_for_timeout(500)


def shoot(chat: ChatPage, path: Path) -> None:
    """Take a picture of the window, without a blinking cursor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    chat.page.mouse.move(0, 0)
    chat.page.screenshot(path=path, caret="hide")


def open_chat(browser: Browser, server: PageServer, viewport: ViewportSize, theme: str, locale: str) -> ChatPage:
    """A page of its own, with an empty conversation."""
    context = browser.new_context(
        base_url=server.origin,
        viewport=viewport,
        color_scheme="dark" if theme == "dark" else "light",
        locale=locale,
        device_scale_factor=2 if viewport["width"] < DESKTOP["width"] else 1,
    )
    return ChatPage(context.new_page()).open()


def readme_pictures(browser: Browser, server: PageServer) -> None:
    """The two of the README."""
    for device, viewport, theme in (("desktop", DESKTOP, "light"), ("phone", PHONE, "dark")):
        chat = open_chat(browser, server, viewport, theme, "en-US")
        fill(chat, server, second=device == "phone")
        chat.page.evaluate("() => document.activeElement.blur()")
        shoot(chat, IMAGES / f"chat-{device}-{theme}.png")
        chat.page.context.close()


def every_state(browser: Browser, server: PageServer, folder: Path) -> None:
    """What a designer would ask to see."""
    for viewport, theme, locale in product(EVERY_SIZE, ("light", "dark"), ("en-US", "ja-JP")):
        chat = open_chat(browser, server, viewport, theme, locale)
        name = f"{viewport['width']}-{theme}-{locale[:2]}"
        shoot(chat, folder / f"{name}-empty.png")
        if locale == "en-US":
            states(chat, server, folder, name)
        else:
            chat.box = chat.page.locator("#box")
            chat.answers = chat.page.locator(".assistant")
            chat.ask("say 東京は**大きい**。\n\n1. 浅草\n2. 上野")
            chat.ask("status 429 600")
            shoot(chat, folder / f"{name}-conversation.png")
            chat.page.keyboard.press("Control+,")
            chat.page.get_by_role("dialog").wait_for()
            shoot(chat, folder / f"{name}-settings.png")
        chat.page.context.close()


def states(chat: ChatPage, server: PageServer, folder: Path, name: str) -> None:
    """A conversation, and all that can open over it or go wrong in it."""
    page = chat.page
    fill(chat, server, second=True)
    shoot(chat, folder / f"{name}-conversation.png")
    for key, state in (("Control+,", "settings"), ("?", "shortcuts")):
        page.evaluate("() => document.activeElement.blur()")
        page.keyboard.press(key)
        page.get_by_role("dialog").wait_for()
        page.wait_for_timeout(200)
        shoot(chat, folder / f"{name}-{state}.png")
        page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Model:")).click()
    page.get_by_role("menu").wait_for()
    shoot(chat, folder / f"{name}-models.png")
    page.keyboard.press("Escape")
    listed = page.get_by_role("button", name="Conversations")
    if listed.is_visible():
        listed.click()
        page.wait_for_timeout(400)
        shoot(chat, folder / f"{name}-list.png")
        page.get_by_role("button", name="Close the list").click()
    page.evaluate(PASTE, ["server.log", list(b"line\n" * 4000)])
    page.get_by_text("server.log").wait_for()
    chat.box.fill("line\n" * 30)
    shoot(chat, folder / f"{name}-file.png")
    chat.box.press("Enter")
    chat.finished()
    shoot(chat, folder / f"{name}-folded.png")
    chat.ask("think about it " + "for a while " * 8).get_by_text("Thought").click()
    shoot(chat, folder / f"{name}-thinking.png")
    chat.act(chat.questions.last, "Edit")
    shoot(chat, folder / f"{name}-edit.png")
    page.keyboard.press("Escape")
    for message, state in (("status 429 600", "refused"), ("short 10", "too-long"), ("cut 20", "cut")):
        chat.ask(message)
        shoot(chat, folder / f"{name}-{state}.png")
    chat.send("pace 40 " + ANSWER)
    page.wait_for_timeout(1500)
    shoot(chat, folder / f"{name}-streaming.png")
    chat.stop.click()
    chat.finished()
    shoot(chat, folder / f"{name}-stopped.png")


def main() -> int:
    """Take the pictures; a folder as argument gets all states, none the two of the README."""
    chromium = find()
    assert chromium
    subprocess.run(["node", str(ROOT / "web/scripts/build.mjs")], check=True)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with PageServer() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        if folder:
            every_state(browser, server, folder)
        else:
            readme_pictures(browser, server)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
