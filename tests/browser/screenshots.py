"""Takes the README's pictures, and with a folder named all the others one wants to look at: `make screenshots`."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer
from tools.checks.ensure_chromium import find

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}

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


def pictures(browser: Browser, server: PageServer, folder: Path | None) -> None:
    """The two of the README, or all states on both screens in both themes."""
    for device, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        for theme in ("light", "dark"):
            wanted = {("desktop", "light"), ("phone", "dark")}
            if folder is None and (device, theme) not in wanted:
                continue
            context = browser.new_context(
                base_url=server.origin,
                viewport=viewport,
                color_scheme=theme,
                locale="en-US",
                device_scale_factor=1 if device == "desktop" else 2,
            )
            chat = ChatPage(context.new_page()).open()
            if folder:
                shoot(chat, folder / f"{device}-{theme}-empty.png")
            fill(chat, server, second=bool(folder) or device == "phone")
            chat.page.evaluate("() => document.activeElement.blur()")
            if folder is None:
                shoot(chat, IMAGES / f"chat-{device}-{theme}.png")
            else:
                every_state(chat, folder, f"{device}-{theme}")
            context.close()


def every_state(chat: ChatPage, folder: Path, name: str) -> None:
    """What a designer would ask to see."""
    shoot(chat, folder / f"{name}-conversation.png")
    chat.page.evaluate("() => { document.getElementById('scroller').scrollTop = 0; }")
    chat.page.wait_for_timeout(300)
    shoot(chat, folder / f"{name}-scrolled-up.png")
    chat.page.keyboard.press("Control+,")
    chat.page.wait_for_timeout(400)
    shoot(chat, folder / f"{name}-settings.png")
    chat.page.keyboard.press("Escape")
    chat.page.keyboard.press("?")
    chat.page.wait_for_timeout(300)
    shoot(chat, folder / f"{name}-shortcuts.png")
    chat.page.keyboard.press("Escape")
    if "phone" in name:
        chat.page.get_by_role("button", name="Conversations").click()
        chat.page.wait_for_timeout(400)
        shoot(chat, folder / f"{name}-list.png")
        chat.page.get_by_role("button", name="Close the list").click()
    chat.ask("status 429 20")
    chat.send("pace 40 " + ANSWER)
    chat.page.wait_for_timeout(1500)
    shoot(chat, folder / f"{name}-streaming.png")


def main() -> int:
    """Take the pictures; a folder as argument gets all states, none the two of the README."""
    chromium = find()
    assert chromium
    subprocess.run(["node", str(ROOT / "web/scripts/build.mjs")], check=True)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with PageServer() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        pictures(browser, server, folder)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
