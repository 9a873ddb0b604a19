"""Bad days: each is told in words that say what to do, keeps what had arrived, and offers the way on."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("status 400", "was not accepted"),
        ("status 401", "no longer signed in"),
        ("status 403", "not allowed"),
        ("status 404", "Choose another one"),
        ("status 429", "Try again in a moment"),
        ("status 429 600", "Too many requests. Try again in 59"),
        ("refuse insufficient_quota 429", "has no credit left"),
        ("status 500", "Something went wrong"),
        ("status 503", "not available right now"),
        ("status 504", "not answered for a while"),
    ],
)
def test_a_refusal_says_what_happened_and_can_be_retried(
    chat: ChatPage, server: PageServer, message: str, told: str
) -> None:
    answer = chat.ask(message)

    expect(answer).to_contain_text(told)
    expect(answer).to_contain_text("The server said: Refused with")
    before = len(server.requests)
    chat.act(answer, "Try again")
    chat.finished()
    expect(chat.answers).to_have_count(1)
    assert len(server.requests) == before + 1
    expect(chat.box).to_be_enabled()


def test_a_server_that_is_gone(chat: ChatPage, server: PageServer, problems: list[str]) -> None:
    server.stop()
    answer = chat.ask("say hello")

    expect(answer).to_contain_text("could not be reached")
    expect(answer.get_by_role("button", name="Try again")).to_be_visible()
    # The browser's own word if it was looking for a newer service worker just then.
    problems[:] = [problem for problem in problems if problem != "An unknown error occurred when fetching the script."]


def test_an_answer_that_ends_without_saying_so_is_interrupted(chat: ChatPage) -> None:
    answer = chat.ask("end 5")

    expect(answer).to_contain_text("The connection broke off. What had arrived is kept.")
    expect(chat.body(answer)).to_have_text(re.compile("word1 word2 word3 word4 word5"))
    chat.act(answer, "Continue")
    expect(chat.body(chat.finished())).to_contain_text("word5 You said: Continue")
    expect(chat.answers).to_have_count(1)


def test_a_connection_that_breaks_in_mid_answer(chat: ChatPage) -> None:
    answer = chat.ask("cut 30")

    # The browser throws away what came with the break itself, so the last words may be missing.
    expect(answer).to_contain_text("The connection broke off. What had arrived is kept.")
    expect(chat.body(answer)).to_have_text(re.compile("word1 word2 word3"))
    expect(answer.get_by_role("button", name="Continue")).to_be_visible()


def test_an_error_inside_the_stream(chat: ChatPage) -> None:
    answer = chat.ask("error 3")

    expect(answer).to_contain_text("The server said: The model fell over.")
    expect(chat.body(answer)).to_contain_text("word1 word2 word3")
    expect(answer.get_by_role("button", name="Continue")).to_be_visible()
    expect(answer.get_by_role("button", name="Try again")).to_be_visible()


def test_an_event_that_is_not_json(chat: ChatPage) -> None:
    answer = chat.ask("garbage")

    expect(chat.body(answer)).to_have_text("Before.")
    expect(answer).to_contain_text("broke off")


def test_a_server_that_says_nothing_is_given_up_in_the_end(context: BrowserContext, server: PageServer) -> None:
    page = context.new_page()
    page.clock.install()
    chat = ChatPage(page)
    page.goto("/")
    page.clock.run_for(1000)
    chat.ready()
    chat.send("silence 3")
    while not server.requests:
        page.wait_for_timeout(20)
    page.clock.run_for(46_000)

    expect(chat.answers.last).to_contain_text("not answered for a while")


def test_offline_is_told_and_ends_with_the_connection(chat: ChatPage) -> None:
    notice = chat.page.get_by_text("You are offline. You can read and write")
    chat.page.context.set_offline(True)
    expect(notice).to_be_visible()
    expect(chat.ask("say hello")).to_contain_text("You are offline. Try again once the connection is back.")

    chat.page.context.set_offline(False)
    expect(notice).not_to_be_attached()
    chat.act(chat.answers.last, "Try again")
    expect(chat.body(chat.finished())).to_contain_text("hello")


def test_a_failed_answer_is_still_explained_after_a_reload(chat: ChatPage) -> None:
    chat.ask("status 429 600")
    chat.page.wait_for_timeout(200)
    chat.reload()

    expect(chat.answers.last).to_contain_text("Too many requests. Try again in 59")


def test_the_seconds_to_the_next_try_are_counted_down(chat: ChatPage) -> None:
    answer = chat.ask("status 429 2")

    expect(answer).to_contain_text("You can try again now.")
    chat.act(answer, "Try again")
    expect(chat.finished()).to_contain_text("Too many requests.")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("tools get_weather", "The model wanted to use a tool (get_weather), and this page has none."),
        ("filtered", "The provider’s content filter ended the answer."),
        ("nothing", "The model ended without writing an answer."),
    ],
)
def test_an_end_that_is_no_answer_is_told_for_what_it_is(chat: ChatPage, message: str, told: str) -> None:
    answer = chat.ask(message)

    expect(answer).to_contain_text(told)
    expect(answer.get_by_role("button", name="Try again")).to_be_visible()


def test_an_answer_that_keeps_coming_is_not_given_up(context: BrowserContext) -> None:
    page = context.new_page()
    page.clock.install()
    chat = ChatPage(page)
    page.goto("/")
    page.clock.run_for(1000)
    chat.ready()
    chat.send("pace 700 one two three four five six")
    answer = chat.answers.last
    for word in ("one", "two", "three", "four", "five", "six"):
        while word not in chat.body(answer).inner_text():
            expect(answer).not_to_contain_text("not answered for a while", timeout=1000)
            page.clock.run_for(100)
        page.clock.run_for(30_000)

    expect(chat.body(answer)).to_have_text("one two three four five six ")


def test_a_failed_question_does_not_spoil_the_next_one(chat: ChatPage, server: PageServer) -> None:
    chat.ask("status 500")
    chat.ask("say fine")

    roles = [message["role"] for message in server.last_request["messages"]]
    assert roles == ["user", "user"]
    expect(chat.body(chat.answers.last)).to_contain_text("fine")
