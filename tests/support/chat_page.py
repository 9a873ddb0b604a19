"""The chat page as a person uses it: finds things by their role and name, not by markup."""

import re
from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from tests.support.secrets import content

FILL = """count => new Promise((resolve, reject) => {
    const request = indexedDB.open('chat');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
        const transaction = request.result.transaction(['conversations', 'messages'], 'readwrite');
        const messages = transaction.objectStore('messages');
        for (let n = 0; n < count; n++) {
            const user = n % 2 === 0;
            messages.put({
                id: `m${n}`, conversation: 'long', parent: n ? `m${n - 1}` : null, role: user ? 'user' : 'assistant',
                created: n, status: 'complete',
                content: user ? `Question ${n}` : `## Answer ${n}\\n\\nSome **text** with \\`code\\`.\\n\\n` +
                    '- one\\n- two\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n```python\\nprint(1)\\n```\\n',
            });
        }
        transaction.objectStore('conversations').put({
            id: 'long', title: 'A long one', created: 1, updated: 1, pinned: false, leaf: `m${count - 1}`,
        });
        transaction.oncomplete = () => { request.result.close(); resolve(); };
    };
})"""
"""Stores a conversation of so many messages, m0 to the last."""


class ChatPage:
    """One tab with the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_role("textbox", name="Message", exact=True)
        self.answers = page.get_by_role("article", name="Assistant")
        self.questions = page.get_by_role("article", name="You")
        self.toasts = page.locator("#toasts")
        self.stop = page.get_by_role("button", name="Stop")

    def open(self, address: str = "/") -> Self:
        """Load the page and wait until it can be used."""
        self.page.goto(address)
        return self.ready()

    def reload(self) -> Self:
        """Load the page again, at the same address."""
        self.page.reload()
        return self.ready()

    def ready(self) -> Self:
        """Wait until the page can be used."""
        expect(self.page.locator("body[data-ready]")).to_be_attached()
        return self

    def send(self, text: str) -> Self:
        """Write a message and send it."""
        self.box.fill(content(text))
        self.box.press("Enter")
        return self

    def ask(self, text: str) -> Locator:
        """Send a message and wait for the end of the answer; returns the answer."""
        self.send(text)
        return self.finished()

    def watch_answer(self, end: str) -> set[str]:
        """What the last answer has said, at every look, until it has said `end`."""
        answer = self.body(self.answers.last)
        seen = set()
        while end not in (text := answer.inner_text()):
            seen.add(text)
        return seen

    def finished(self) -> Locator:
        """Wait for the end of the last answer; returns it."""
        expect(self.answers.last).to_be_visible()
        expect(self.answers.last).not_to_have_attribute("aria-busy", "true", timeout=30_000)
        return self.answers.last

    def act(self, message: Locator, name: str) -> None:
        """Press one of a message's buttons."""
        message.hover()
        message.get_by_role("button", name=name, exact=True).click()

    def body(self, message: Locator) -> Locator:
        """The text of a message, without its buttons."""
        return message.locator(".body")

    def entry(self, title: str) -> Locator:
        """An entry of the list of conversations."""
        return self.page.get_by_role("navigation").get_by_role("listitem").filter(has_text=title)

    def from_menu(self, title: str, choice: str) -> None:
        """Choose something from the menu of a conversation."""
        entry = self.entry(title)
        entry.hover()
        entry.get_by_role("button", name=re.compile("^More")).click()
        self.page.get_by_role("menuitem", name=choice, exact=True).click()

    def open_settings(self) -> Locator:
        """Open the settings; returns the dialog."""
        self.page.get_by_role("button", name="Settings", exact=True).click()
        dialog = self.page.get_by_role("dialog", name="Settings")
        expect(dialog).to_be_visible()
        return dialog

    def stored(self, store: str) -> list[dict[str, Any]]:
        """Everything in one of the page's IndexedDB stores."""
        script = """store => new Promise((resolve, reject) => {
            const request = indexedDB.open('chat');
            request.onerror = () => reject(request.error);
            request.onsuccess = () => {
                const all = request.result.transaction(store).objectStore(store).getAll();
                all.onsuccess = () => { request.result.close(); resolve(all.result); };
            };
        })"""
        records: list[dict[str, Any]] = self.page.evaluate(script, store)
        return records
