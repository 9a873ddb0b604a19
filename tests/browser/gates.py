"""The page's figures, measured: `make gates`. Told, not asserted, because machines differ and are busy.

Sizes, an 80 KB answer of mixed markdown and one of a single code block at 800 tokens a second, a conversation of
1,000 messages, and Lighthouse.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.support.chat_page import FILL, ChatPage
from tests.support.documents import long_code, long_mixed
from tests.support.page_server import PageServer
from tools.checks.ensure_chromium import find

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SIZE = 80_000
RATE = 800
RUNS = 3

# When the last byte arrived and when the page last changed afterwards.
LAST_CHANGE = """
const get = ReadableStreamDefaultReader.prototype.read;
ReadableStreamDefaultReader.prototype.read = async function (...rest) {
    const result = await get.apply(this, rest);
    if (result.done) window.lastByte = performance.now();
    return result;
};
new MutationObserver(() => { window.lastChange = performance.now(); })
    .observe(document, { subtree: true, childList: true, characterData: true });
"""


@contextmanager
def open_page(browser: Browser, server: PageServer) -> Iterator[ChatPage]:
    """A page of its own that measures itself."""
    context = browser.new_context(base_url=server.origin, viewport={"width": 1280, "height": 800}, locale="en-US")
    context.set_default_timeout(300_000)
    context.add_init_script(LAST_CHANGE)
    yield ChatPage(context.new_page()).open()
    context.close()


def report(name: str, values: list[float], unit: str, limit: float) -> None:
    """One line: the best run, the median, and what it should be."""
    best, median = min(values), statistics.median(values)
    print(f"{name:<58} best {best:7.1f}  median {median:7.1f} {unit:<4} (at most {limit:g})", flush=True)


def longest_task(trace: bytes) -> tuple[float, float]:
    """The longest task of the page's main thread, in milliseconds by the clock and of processor time."""
    events = json.loads(trace)["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        event
        for event in events
        if event["name"] == "RunTask" and event["ph"] == "X" and (event["pid"], event["tid"]) in main
    ]
    return max(task["dur"] for task in tasks) / 1000, max(task.get("tdur", 0) for task in tasks) / 1000


def stream(browser: Browser, server: PageServer, name: str) -> tuple[float, float, float]:
    """The longest task (clock, processor) and the time from the last byte to the page's last change, in milliseconds.

    On a busy machine the clock also counts what other programs do in the middle of a task.
    """
    with open_page(browser, server) as chat:
        # The first answer loads the renderer and the highlighter; what is measured is the writing.
        chat.ask("say ```python\nx = 1\n```")
        chat.page.wait_for_timeout(500)
        browser.start_tracing(page=chat.page, categories=["devtools.timeline", "disabled-by-default-devtools.timeline"])
        chat.send(f"document {name} {RATE}")
        chat.page.wait_for_function("() => document.querySelectorAll('article').length === 4")
        chat.page.locator("article:last-child:not([aria-busy])").wait_for(timeout=300_000)
        chat.page.wait_for_timeout(1500)
        clock, processor = longest_task(browser.stop_tracing())
        settle: float = chat.page.evaluate("() => window.lastChange - window.lastByte")
        return clock, processor, settle


OPEN = """() => new Promise((resolve) => {
    const started = performance.now();
    new MutationObserver((_, observer) => {
        if (!document.querySelector('[data-id=m999]')) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    }).observe(document.getElementById('thread'), { childList: true });
    location.hash = 'long';
})"""

# From the key to the end of the frame that shows it.
TYPE = """() => new Promise((resolve) => {
    const box = document.getElementById('box');
    const times = [];
    const next = () => {
        if (times.length === 60) { resolve(times); return; }
        const started = performance.now();
        box.setRangeText('a', box.value.length, box.value.length, 'end');
        box.dispatchEvent(new InputEvent('input', { bubbles: true, data: 'a' }));
        document.body.getBoundingClientRect();
        times.push(performance.now() - started);
        requestAnimationFrame(() => setTimeout(next));
    };
    next();
})"""


def thousand(browser: Browser, server: PageServer) -> tuple[float, list[float]]:
    """Milliseconds to open a conversation of 1,000 messages, and per key typed in it."""
    with open_page(browser, server) as chat:
        chat.page.evaluate(FILL, 1000)
        chat.reload()
        opened = chat.page.evaluate(OPEN)
        chat.page.wait_for_function("() => document.querySelectorAll('article').length === 1000")
        keys: list[float] = chat.page.evaluate(TYPE)
        return opened, keys


def lighthouse(server: PageServer, chromium: str) -> dict[str, Any]:
    """Lighthouse's categories for the page on a simulated phone."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        flags = f"--headless=new {' '.join(ARGUMENTS)}"
        command = ["npx", "lighthouse", server.origin, "--quiet", "--output=json", f"--output-path={out}"]
        environment = {**os.environ, "CHROME_PATH": chromium}
        only = "--only-categories=performance,accessibility,best-practices,seo"
        cwd = ROOT / "tests"
        subprocess.run([*command, f"--chrome-flags={flags}", only], check=True, cwd=cwd, env=environment, timeout=300)
        result: dict[str, Any] = json.loads(out.read_text())
        return result


def print_lighthouse(result: dict[str, Any]) -> None:
    """The four scores, and whatever was not perfect."""
    scores = {name: round(category["score"] * 100) for name, category in result["categories"].items()}
    print("Lighthouse, mobile:", ", ".join(f"{name} {score}" for name, score in scores.items()), "(100 each)")
    for name, category in result["categories"].items():
        for reference in category["auditRefs"]:
            audit = result["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"  {name}: {audit['title']} {audit.get('displayValue', '')}")


def main() -> int:
    """Measure everything and print it."""
    chromium = find()
    assert chromium
    subprocess.run(["node", str(ROOT / "web/scripts/build.mjs")], check=True)
    subprocess.run(["node", str(ROOT / "web/scripts/sizes.mjs")], check=True)
    with PageServer() as server, sync_playwright() as playwright:
        server.documents = {"mixed": long_mixed(SIZE), "code": long_code(SIZE)}
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        opened, typed = zip(*(thousand(browser, server) for _ in range(RUNS)), strict=True)
        report("1,000 messages: open", list(opened), "ms", 300)
        report("1,000 messages: slowest of 60 keys", [max(keys) for keys in typed], "ms", 16)
        for name, limit in (("mixed", 50.0), ("code", 150.0)):
            runs = [stream(browser, server, name) for _ in range(RUNS)]
            report(f"80 KB {name} at {RATE} tokens/s: longest task", [task for task, *_ in runs], "ms", limit)
            report(f"80 KB {name}: the same, processor time only", [busy for _, busy, _ in runs], "ms", limit)
            if name == "mixed":
                report(f"80 KB {name}: page done after the last byte", [settle for *_, settle in runs], "ms", 100)
        browser.close()
        print_lighthouse(lighthouse(server, chromium))
    return 0


if __name__ == "__main__":
    sys.exit(main())
