"""People sign in at a real OpenID provider, and the real function verifies their tokens: all of it clicked through."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, expect

from bundle.build import HostTarget
from local.issuer import CLIENT_ID, Issuer
from local.server import LocalLambda
from tests.support.scripted_upstream import Server
from tests.support.signed_in_page import SignedInPage, chat_behind_sign_in


@pytest.fixture(scope="module")
def function(task_root: Path, host: HostTarget, upstream: Server, issuer: Issuer) -> Iterator[LocalLambda]:
    with chat_behind_sign_in(task_root, host, upstream, issuer) as function:
        yield function


@pytest.fixture
def chat(new_context: Callable[..., BrowserContext], function: LocalLambda, issuer: Issuer) -> SignedInPage:
    """The page, open, with nobody signed in."""
    return SignedInPage(new_context(base_url=function.url).new_page(), issuer, "mika").open()


def test_who_has_not_signed_in_is_asked_to_and_keeps_what_was_written(chat: SignedInPage, upstream: Server) -> None:
    before = len(upstream.requests)
    expect(chat.gate).to_have_text(re.compile("Sign in to talk to the model"))
    chat.send("say first")
    expect(chat.page.get_by_placeholder("Enter any login")).to_be_visible()
    assert len(upstream.requests) == before

    chat.at_the_provider()
    expect(chat.box).to_have_value("say first")
    chat.box.press("Enter")
    expect(chat.body(chat.finished())).to_contain_text("first")
    expect(chat.gate).to_be_hidden()


def test_tokens_and_codes_stay_in_this_tab_s_session(chat: SignedInPage) -> None:
    referrers: list[str] = []
    chat.page.on("request", lambda request: referrers.append(request.headers.get("referer", "")))
    addresses: list[str] = []
    chat.page.on("framenavigated", lambda frame: addresses.append(frame.url))
    chat.sign_in()
    chat.ask("say hello")
    own = chat.page.url.partition("#")[0]
    code = next(match[1] for url in addresses if (match := re.search(r"[?&]code=([^&]+)", url)))
    left_behind = chat.left_behind

    assert "?" not in chat.page.url
    assert "hello" in left_behind  # it does look
    assert own in left_behind
    for secret in (code, chat.tokens["access"], chat.tokens["refresh"]):
        assert secret not in left_behind
        assert not any(secret in referrer for referrer in referrers)


def test_a_reload_keeps_the_session_and_another_tab_needs_no_password(chat: SignedInPage) -> None:
    chat.sign_in().reload()
    expect(chat.body(chat.ask("say still here"))).to_contain_text("still here")

    other = chat.beside()
    expect(other.gate).to_be_visible()
    other.gate.get_by_role("button").click()
    other.page.get_by_role("button", name="Continue").click()
    expect(other.body(other.ask("say me too"))).to_contain_text("me too")


def test_a_duplicated_tab_renews_no_token_twice(chat: SignedInPage) -> None:
    chat.sign_in()
    other = chat.beside()
    other.page.evaluate("tokens => sessionStorage.setItem('tokens', tokens)", json.dumps(chat.tokens))
    other.reload()
    chat.spoil_token()
    chat.ask("say new tokens")

    expect(other.body(other.ask("say the same ones"))).to_contain_text("the same ones")
    assert other.tokens == chat.tokens
    other.spoil_token()
    expect(other.body(other.ask("say my turn"))).to_contain_text("my turn")
    expect(chat.body(chat.ask("say and mine"))).to_contain_text("and mine")
    assert other.tokens == chat.tokens


def test_a_token_that_is_refused_is_renewed_without_a_word(chat: SignedInPage) -> None:
    chat.sign_in().spoil_token()
    spoiled = chat.tokens["access"]
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    expect(chat.body(chat.ask("say as if nothing had happened"))).to_contain_text("as if nothing")

    assert chat.tokens["access"] != spoiled
    assert len([url for url in asked if url.endswith("/token")]) == 1
    assert len([url for url in asked if url.endswith("/chat/completions")]) == 2


def test_a_token_is_renewed_before_its_time_is_over(
    new_context: Callable[..., BrowserContext],
    task_root: Path,
    host: HostTarget,
    upstream: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACCESS_TOKEN_SECONDS", "2")
    with Issuer() as issuer, chat_behind_sign_in(task_root, host, upstream, issuer) as function:
        chat = SignedInPage(new_context(base_url=function.url).new_page(), issuer, "mika").open().sign_in()
        first = chat.tokens["access"]
        chat.page.wait_for_timeout(2000)
        asked: list[str] = []
        chat.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        expect(chat.body(chat.ask("say hello"))).to_contain_text("hello")

        assert chat.tokens["access"] != first
        assert [name for name in asked if name in {"token", "completions"}] == ["token", "completions"]
        chat.page.close()


def test_a_session_that_has_ended_keeps_the_partial_answer_and_the_draft(chat: SignedInPage) -> None:
    chat.sign_in()
    chat.ask("say earlier")
    chat.ask("cut 5")
    chat.box.fill("half a thought")
    chat.page.wait_for_timeout(300)
    address = chat.page.url
    chat.revoke()
    chat.spoil_token()
    chat.act(chat.answers.last, "Continue")

    expect(chat.gate).to_contain_text("Your sign-in has expired. Sign in again: what you wrote is kept.")
    expect(chat.answers.last).to_contain_text("You are no longer signed in")
    expect(chat.body(chat.answers.last)).to_contain_text("word5")
    assert chat.tokens == {}
    chat.act(chat.answers.last, "Try again")
    chat.page.get_by_role("button", name="Previous version").click()
    expect(chat.body(chat.answers.last)).to_contain_text("word5")

    chat.sign_in()
    assert chat.page.url == address
    expect(chat.box).to_have_value("half a thought")
    expect(chat.body(chat.answers.last)).to_contain_text("word1 word2 word3 word4 word5")
    chat.act(chat.answers.last, "Continue")
    expect(chat.body(chat.finished())).to_contain_text("word5 You said: Continue")


def test_an_issuer_out_of_reach_ends_no_session(chat: SignedInPage, issuer: Issuer) -> None:
    chat.page.route(f"{issuer.url}/**", lambda route: route.abort())
    chat.gate.get_by_role("button").click()
    expect(chat.gate).to_contain_text("The sign-in service cannot be reached")
    chat.page.unroute_all()

    chat.sign_in().spoil_token()
    chat.page.route(f"{issuer.url}/**", lambda route: route.abort())
    expect(chat.ask("say hello")).to_contain_text("the sign-in service could not be reached")
    expect(chat.gate).to_be_hidden()
    chat.page.unroute_all()
    chat.act(chat.answers.last, "Try again")
    expect(chat.body(chat.finished())).to_contain_text("hello")

    chat.reload()
    chat.page.route(f"{issuer.url}/**", lambda route: route.abort())
    chat.open_menu().get_by_role("button", name="Sign out", exact=True).click()
    expect(chat.gate).to_contain_text("You are signed out here.")
    assert chat.tokens == {}


def test_signing_out_ends_the_session_here_at_the_provider_and_in_other_tabs(
    chat: SignedInPage, issuer: Issuer
) -> None:
    chat.sign_in()
    other = chat.beside().sign_in()
    refresh = chat.tokens["refresh"]
    chat.sign_out()

    assert chat.tokens == {}
    expect(other.gate).to_be_visible()
    assert other.tokens == {}
    form = urlencode({"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": refresh}).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError) as refused:
        opener.open(f"{issuer.url}/token", form)
    with refused.value as answer:
        assert json.load(answer)["error"] == "invalid_grant"
    chat.gate.get_by_role("button").click()
    expect(chat.page.get_by_placeholder("Enter any login")).to_be_visible()


def test_a_tab_that_was_elsewhere_while_somebody_signed_out_is_signed_out_too(chat: SignedInPage) -> None:
    chat.sign_in()
    chat.ask("say nobody else may read this")
    address = chat.page.url
    chat.page.goto("about:blank")
    other = SignedInPage(chat.page.context.new_page(), chat.issuer, chat.name).open().sign_in()
    other.sign_out()
    chat.page.goto(address)
    chat.ready()

    assert chat.tokens == {}
    expect(chat.gate).to_be_visible()
    expect(chat.answers).to_have_count(0)
    expect(chat.page.get_by_role("navigation").get_by_role("link")).to_have_count(0)


def test_each_person_has_their_own_conversations_in_a_shared_browser(chat: SignedInPage) -> None:
    chat.sign_in()
    chat.ask("say mine alone")
    chat.sign_out()
    links = chat.page.get_by_role("navigation").get_by_role("link")
    expect(links).to_have_count(0)

    guest = SignedInPage(chat.page, chat.issuer, "noa")
    guest.sign_in()
    expect(links).to_have_count(0)
    guest.ask("say the guest")
    guest.sign_out()
    chat.sign_in()
    expect(links).to_have_text(["say mine alone"])


def test_who_signs_out_can_leave_nothing_behind(chat: SignedInPage) -> None:
    chat.sign_in()
    chat.ask("say burn after reading")
    chat.box.fill("half a secret")
    chat.page.wait_for_timeout(300)
    assert "burn after reading" in chat.left_behind
    chat.open_menu().get_by_role("button", name="Sign out and erase").click()
    chat.page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    chat.page.get_by_role("button", name="Yes, sign me out").click()
    expect(chat.gate).to_be_visible()

    left = chat.ready().left_behind
    assert "burn after reading" not in left
    assert "half a secret" not in left


@pytest.mark.parametrize("began", [True, False])
def test_an_answer_to_a_question_that_was_not_asked_lets_nobody_in(chat: SignedInPage, *, began: bool) -> None:
    if began:
        chat.gate.get_by_role("button").click()
        expect(chat.page.get_by_placeholder("Enter any login")).to_be_visible()
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.open("/?code=somebody-elses&state=wrong")

    expect(chat.gate).to_contain_text("The sign-in did not come to its end")
    assert chat.tokens == {}
    assert "?" not in chat.page.url
    assert not any(url.endswith("/token") for url in asked)
    chat.sign_in()


def test_who_changes_their_mind_is_back_where_they_were(chat: SignedInPage) -> None:
    chat.box.fill("a thought")
    chat.gate.get_by_role("button").click()
    chat.page.get_by_role("link", name="Cancel").click()

    expect(chat.gate).to_contain_text("The sign-in was cancelled or refused.")
    expect(chat.box).to_have_value("a thought")


def test_who_is_not_invited_is_told_so(
    new_context: Callable[..., BrowserContext], task_root: Path, host: HostTarget, upstream: Server, issuer: Issuer
) -> None:
    before = len(upstream.requests)
    with chat_behind_sign_in(task_root, host, upstream, issuer, SIGN_IN_REQUIRED_CLAIM="groups=friends") as function:
        chat = SignedInPage(new_context(base_url=function.url).new_page(), issuer, "stranger").open().sign_in()

        expect(chat.ask("say hello")).to_contain_text("not among the people invited to this chat. Ask whoever runs it")
        expect(chat.account).to_be_visible()
        assert len(upstream.requests) == before
        chat.page.close()
