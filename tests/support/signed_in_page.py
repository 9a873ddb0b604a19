"""The page of a chat that wants people to sign in, and the provider's own pages, as a person clicks through them."""

import urllib.request
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, Request, expect

from bundle.build import HostTarget
from chat.settings import Settings
from contracts.page_config import page_config
from local.issuer import CLIENT_ID, Issuer
from local.server import LocalLambda
from tests.support.chat_page import ChatPage
from tests.support.logs import Logs
from tests.support.page_server import WEB
from tests.support.scripted_upstream import Server
from tests.support.secrets import secret

# Everything that a page can leave behind, but for sessionStorage.
_LEFT_BEHIND = """async () => {
    const records = [];
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((resolve) => {
            indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result);
        });
        for (const store of database.objectStoreNames) {
            records.push(await new Promise((resolve) => {
                const request = database.transaction(store).objectStore(store).getAll();
                request.onsuccess = () => resolve(request.result);
            }));
        }
        database.close();
    }
    const cached = [];
    for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) cached.push(url);
    }
    const visited = navigation.entries().map(({ url }) => url);
    return JSON.stringify([records, cached, visited, { ...localStorage }, document.cookie, history.state]);
}"""


def chat_behind_sign_in(
    task_root: Path, host: HostTarget, upstream: Server, issuer: Issuer, **variables: str
) -> LocalLambda:
    """The function and its page, as `make chat SIGN_IN=1` has them."""
    environment = {
        "API_KEY_PARAMETER": "/chat/key",
        "UPSTREAM_BASE_URL": upstream.url,
        "MODELS": "scripted",
        "POWERTOOLS_SERVICE_NAME": "chat",
        **issuer.variables,
        **variables,
    }
    return LocalLambda(
        task_root,
        host.interpreter,
        environment,
        web_root=WEB / "dist",
        page_config=page_config(Settings.from_environment(environment), issuer.page),
        sign_in_origin=issuer.url,
        log=Logs(),
    )


def _remember_token(request: Request) -> None:
    if authorization := request.headers.get("x-chat-authorization"):
        secret(authorization.removeprefix("Bearer "))


class SignedInPage(ChatPage):
    """One tab with the page.

    Attributes:
        name: Who this is.
    """

    def __init__(self, page: Page, issuer: Issuer, name: str) -> None:
        super().__init__(page)
        self.issuer = issuer
        self.name = name
        secret(f"{name}@example.com")
        page.on("request", _remember_token)
        self.gate = page.locator("#gate")
        self.account = page.get_by_role("navigation").get_by_role("button", name=f"{name}@example.com")

    def sign_in(self) -> Self:
        """Press the page's button, and do what the provider asks for."""
        self.gate.get_by_role("button").click()
        return self.at_the_provider()

    def at_the_provider(self) -> Self:
        """Say who this is and agree, unless the provider knows both already."""
        login = self.page.get_by_placeholder("Enter any login")
        agree = self.page.locator("form[method=post]").get_by_role("button", name="Continue")
        here = login.or_(agree).or_(self.account)
        expect(here).to_be_visible()
        while not self.account.is_visible():
            if login.is_visible():
                login.fill(self.name)
                self.page.get_by_placeholder("and password").fill("any")
                button = self.page.get_by_role("button", name="Sign-in")
            else:
                button = agree
            with self.page.expect_navigation(wait_until="commit"):
                button.click()
            expect(here).to_be_visible()
        return self.ready()

    def beside(self) -> "SignedInPage":
        """Another tab of the same browser, for the same person."""
        return SignedInPage(self.page.context.new_page(), self.issuer, self.name).open()

    def sign_out(self) -> Self:
        """By the menu, and the provider's question."""
        self.open_menu().get_by_role("button", name="Sign out", exact=True).click()
        self.page.get_by_role("button", name="Yes, sign me out").click()
        expect(self.gate).to_be_visible()
        return self.ready()

    def open_menu(self) -> Locator:
        """Open the account's menu; returns it."""
        self.account.click()
        menu = self.page.get_by_role("dialog", name="Account")
        expect(menu).to_be_visible()
        return menu

    @property
    def tokens(self) -> dict[str, Any]:
        """What this tab holds; empty if nobody is signed in."""
        tokens: dict[str, Any] = self.page.evaluate("() => JSON.parse(sessionStorage.getItem('tokens') ?? '{}')")
        return tokens

    @property
    def left_behind(self) -> str:
        """All that the page has stored outside this tab's session, as text."""
        left_behind: str = self.page.evaluate(_LEFT_BEHIND)
        return left_behind

    def spoil_token(self) -> Self:
        """Make the access token one that the function refuses."""
        self.page.evaluate("""() => {
            const tokens = JSON.parse(sessionStorage.getItem('tokens'));
            sessionStorage.setItem('tokens', JSON.stringify({ ...tokens, access: tokens.access.slice(0, -8) }));
        }""")
        return self.reload()

    def revoke(self) -> None:
        """Have the provider end the session, behind the page's back."""
        form = urlencode({"client_id": CLIENT_ID, "token": self.tokens["refresh"]}).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(f"{self.issuer.url}/token/revocation", form).close()
