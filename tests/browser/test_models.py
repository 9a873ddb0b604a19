"""Which model answers: chosen in the header, remembered by the conversation, another one for one more answer."""

import re

from playwright.sync_api import expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer


def test_the_header_names_the_model_that_answered(chat: ChatPage) -> None:
    expect(chat.page.get_by_role("button", name="Model: Default model")).to_be_visible()
    chat.ask("say hello")

    expect(chat.page.get_by_role("button", name="Model: scripted")).to_be_visible()


def test_a_model_is_chosen_in_the_header_and_stays_with_the_conversation(chat: ChatPage, server: PageServer) -> None:
    chat.page.get_by_role("button", name=re.compile("^Model:")).click()
    expect(chat.page.get_by_role("menuitemradio", name="Default model")).to_be_checked()
    chat.page.get_by_role("menuitemradio", name="scripted-large").click()
    chat.ask("say one")
    assert server.last_request["model"] == "scripted-large"
    chat.page.keyboard.press("Control+Shift+O")
    chat.ask("say two")
    assert "model" not in server.last_request

    chat.reload()
    chat.page.get_by_role("link", name="say one").click()
    expect(chat.page.get_by_role("button", name="Model: scripted-large")).to_be_visible()
    chat.ask("say three")
    assert server.last_request["model"] == "scripted-large"


def test_another_model_can_answer_the_same_question(chat: ChatPage, server: PageServer) -> None:
    answer = chat.ask("say hello")
    chat.act(answer, "Answer again with another model")
    expect(chat.page.get_by_role("menuitemradio", name="scripted", exact=True)).to_be_checked()
    chat.page.get_by_role("menuitemradio", name="scripted-large").click()

    expect(chat.finished()).to_contain_text("2/2")
    assert server.last_request["model"] == "scripted-large"
    chat.ask("say more")
    assert "model" not in server.last_request


def test_the_menu_leads_on_when_there_is_no_list(chat: ChatPage) -> None:
    chat.page.route("**/api/v1/models", lambda route: route.abort())
    chat.page.get_by_role("button", name=re.compile("^Model:")).click()

    expect(chat.toasts).to_contain_text("could not be loaded")
    chat.page.get_by_role("menuitem", name="This conversation’s settings").click()
    expect(chat.page.get_by_role("dialog", name="This conversation")).to_be_visible()


def test_the_temperature_ends_where_the_deployment_s_does(chat: ChatPage, server: PageServer) -> None:
    server.config.update(minTemperature=0.2, maxTemperature=1)
    chat.reload()
    slider = chat.open_settings().get_by_label("Temperature")

    expect(slider).to_have_attribute("min", "0.2")
    expect(slider).to_have_attribute("max", "1")
