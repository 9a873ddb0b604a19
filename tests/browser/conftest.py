"""The page in a real Chromium, in front of the scripted model; every test also proves that no security rule broke."""

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from local.issuer import Issuer
from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer
from tests.support.scripted_upstream import Server
from tools.checks.ensure_chromium import HELP, find

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

# Five seconds, Playwright's own timeout, are short for a long answer on a busy machine.
TIMEOUT_MS = 20_000
expect.set_options(timeout=TIMEOUT_MS)

# The browser's own reports of a request that failed on purpose; the second is of the service worker's script, which
# Chromium looks for again some time after each visit, on or offline (that the worker works is in test_everywhere.py).
EXPECTED_IN_CONSOLE = ("Failed to load resource", "An unknown error occurred when fetching the script")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.fail(HELP)
    # chromium's start script asks for more than a test machine may have
    os.environ.setdefault("CHROMIUM_FLAGS", "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def built_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    """`make test` builds the page before; a test run by hand must not test yesterday's.

    Once for all of pytest-xdist's workers: a page that is put in place while another worker serves it is missing for a
    moment.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _build("build.mjs")
        _build("build-tests.mjs")
        return
    shared = tmp_path_factory.getbasetemp().parent
    with (shared / "page.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "page.built").exists():
            _build("build-tests.mjs")
            (shared / "page.built").touch()


def _build(script: str) -> None:
    subprocess.run(["node", str(ROOT / "web/scripts" / script)], check=True, timeout=60)


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer() as server:
        yield server


@pytest.fixture(scope="module")
def upstream() -> Iterator[Server]:
    """A scripted model, for a real function."""
    with Server() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """A real OpenID provider."""
    with Issuer() as issuer:
        yield issuer


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What pages complained about; a test that provokes a complaint on purpose removes it."""
    problems: list[str] = []
    yield problems
    assert problems == []


@pytest.fixture
def new_context(browser: Browser, server: PageServer, problems: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts: separate browsers as far as a page can tell."""
    contexts: list[BrowserContext] = []

    def listen(page: Page) -> None:
        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error" and not message.text.startswith(EXPECTED_IN_CONSOLE):
                problems.append(message.text)

        page.on("console", on_console)
        page.on("pageerror", lambda error: problems.append(str(error)))

    def make(**options: object) -> BrowserContext:
        settings = {"base_url": server.origin, "viewport": {"width": 1280, "height": 800}, "locale": "en-US"}
        context = browser.new_context(**{**settings, **options})  # type: ignore[arg-type]  # options by name
        context.set_default_timeout(TIMEOUT_MS)
        context.on("page", listen)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


@pytest.fixture
def chat(context: BrowserContext) -> ChatPage:
    """The page, open and empty."""
    return ChatPage(context.new_page()).open()
