"""What the page says about who may use it and how much: the account's menu, limits, a chat that is open to all."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from bundle.build import HostTarget
from local.issuer import Issuer
from local.server import LocalLambda
from tests.browser.test_accessibility import violations
from tests.support.aws import TABLE, aws_server, table
from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer
from tests.support.scripted_upstream import Server
from tests.support.signed_in_page import SignedInPage, chat_behind_sign_in

OPEN = "There is no sign-in: everybody who knows this address can use this chat."


@pytest.fixture(scope="module")
def limited(task_root: Path, host: HostTarget, issuer: Issuer) -> Iterator[LocalLambda]:
    """A chat with two requests a day for everybody who signs in."""
    with (
        aws_server() as aws,
        table(aws),
        Server() as upstream,
        chat_behind_sign_in(
            task_root,
            host,
            upstream,
            issuer,
            TABLE_NAME=TABLE,
            AWS_ENDPOINT_URL_DYNAMODB=aws,
            DAILY_REQUESTS_PER_PERSON="2",
            DAILY_TOKENS_PER_PERSON="100000",
        ) as function,
    ):
        yield function


@pytest.fixture
def arrive(
    new_context: Callable[..., BrowserContext], limited: LocalLambda, issuer: Issuer
) -> Callable[..., SignedInPage]:
    """Opens the page for somebody."""

    def make(name: str, **options: object) -> SignedInPage:
        page = new_context(base_url=limited.url, **options).new_page()
        return SignedInPage(page, issuer, name).open()

    return make


def test_what_is_left_is_told_once_it_is_little_and_a_limit_says_when_it_resets(
    arrive: Callable[..., SignedInPage],
) -> None:
    chat = arrive("kaya").sign_in()
    line = chat.page.get_by_text("of today’s share left")
    chat.ask("say one")
    expect(line).to_be_hidden()
    chat.ask("say two")
    expect(line).to_have_text(re.compile(r"^0% of today’s share left; it resets at \d+:\d\d"))

    refused = chat.ask("say three")
    expect(refused).to_contain_text(re.compile(r"The daily limit has no room for this\. It resets at \d+:\d\d"))
    expect(refused).to_contain_text("Your daily limit of 2 requests is reached")
    expect(refused.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menu_tells_all_that_is_left_and_everybody_can_use_it(
    arrive: Callable[..., SignedInPage], theme: str
) -> None:
    chat = arrive(f"kim-{theme}", color_scheme=theme)
    assert violations(chat) == []
    chat.sign_in()
    menu = chat.open_menu()
    expect(menu).to_contain_text("2 of 2 requests left")
    expect(menu).to_contain_text("100,000 of 100,000 tokens left")
    expect(menu).to_contain_text(re.compile(r"Resets at \d+:\d\d"))

    assert violations(chat) == []
    expect(menu.get_by_role("button", name="Sign out", exact=True)).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(menu).not_to_be_attached()
    expect(chat.account).to_be_focused()


def test_a_session_that_has_ended_is_told_accessibly(arrive: Callable[..., SignedInPage]) -> None:
    chat = arrive("lou").open("/?error=access_denied&state=x")

    expect(chat.gate).to_have_class("problem")
    assert violations(chat) == []


def test_on_a_phone_and_in_japanese(arrive: Callable[..., SignedInPage]) -> None:
    chat = arrive("mio", viewport={"width": 360, "height": 740}, locale="ja-JP")
    expect(chat.gate).to_contain_text("サインインすると話せます。")
    assert chat.page.evaluate("() => document.documentElement.scrollWidth") == 360
    chat.page.get_by_role("button", name="会話の一覧").click()
    chat.account = chat.page.get_by_role("navigation").get_by_role("button", name="サインイン")
    expect(chat.account).to_be_visible()
    chat.page.wait_for_timeout(300)

    assert violations(chat) == []


def test_a_chat_that_is_open_to_all_says_so_but_not_on_one_s_own_machine(
    new_context: Callable[..., BrowserContext], server: PageServer
) -> None:
    # Another name for the test's server; a service worker would not see it.
    chat = ChatPage(new_context(service_workers="block").new_page()).open()
    expect(chat.page.get_by_text(OPEN)).to_be_hidden()

    def answer(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace("https://chat.example", server.origin)))

    chat.page.route("https://chat.example/**", answer)
    chat.open("https://chat.example/")
    expect(chat.page.get_by_text(OPEN)).to_be_visible()
    assert violations(chat) == []

    server.config["signIn"] = {"type": "keys"}
    chat.reload()
    expect(chat.page.get_by_text("lets in programs that have an API key, and nobody else")).to_be_visible()
    expect(chat.page.get_by_text(OPEN)).to_be_hidden()

    server.config["signIn"] = {"type": "oidc", "issuer": "https://issuer.example", "clientId": "x", "scopes": "openid"}
    chat.reload()
    expect(chat.page.locator("#gate")).to_be_visible()
    expect(chat.page.get_by_text(OPEN)).to_be_hidden()
