"""Settings reach the model, apply at once, and can be overridden for one conversation."""

import re

from playwright.sync_api import BrowserContext, expect

from tests.support.chat_page import ChatPage
from tests.support.page_server import PageServer


def test_model_system_prompt_and_temperature_are_sent(chat: ChatPage, server: PageServer) -> None:
    dialog = chat.open_settings()
    dialog.get_by_label("Model", exact=True).select_option("scripted-large")
    dialog.get_by_label("System prompt").fill("Be brief.")
    dialog.get_by_label("Model’s default").uncheck()
    dialog.get_by_label("Temperature").fill("0.3")
    chat.page.keyboard.press("Escape")
    chat.ask("say hello")

    request = server.last_request
    assert request["model"] == "scripted-large"
    assert request["temperature"] == 0.3
    assert request["messages"][0] == {"role": "system", "content": "Be brief."}
    expect(chat.page.get_by_role("button", name="Model: scripted-large")).to_be_visible()


def test_the_temperature_ends_where_the_deployment_s_does(chat: ChatPage, server: PageServer) -> None:
    dialog = chat.open_settings()
    dialog.get_by_label("Model’s default").uncheck()
    dialog.get_by_label("Temperature").fill("1.8")
    server.config |= {"minTemperature": 0.5, "maxTemperature": 1}
    chat.reload()
    chat.ask("say what was chosen before")

    slider = chat.open_settings().get_by_label("Temperature")

    assert server.last_request["temperature"] == 1
    expect(slider).to_have_attribute("min", "0.5")
    expect(slider).to_have_attribute("max", "1")


def test_the_models_are_those_of_the_deployment(chat: ChatPage) -> None:
    options = chat.open_settings().get_by_label("Model", exact=True).get_by_role("option")

    expect(options).to_have_text(["The deployment’s default", "scripted", "scripted-large"])


def test_a_conversation_has_its_own_model_and_system_prompt(chat: ChatPage, server: PageServer) -> None:
    chat.open_settings().get_by_label("System prompt").fill("For all.")
    chat.page.keyboard.press("Escape")
    chat.ask("say one")
    chat.page.get_by_role("button", name=re.compile("^This conversation’s settings")).click()
    dialog = chat.page.get_by_role("dialog")
    dialog.get_by_label("Model", exact=True).select_option("scripted-large")
    dialog.get_by_label("Its own system prompt").check()
    dialog.get_by_label("System prompt", exact=True).fill("For this one.")
    chat.page.keyboard.press("Escape")
    chat.reload()
    chat.ask("say two")
    assert server.last_request["model"] == "scripted-large"
    assert server.last_request["messages"][0]["content"] == "For this one."

    chat.page.keyboard.press("Control+Shift+O")
    chat.ask("say three")
    assert "model" not in server.last_request
    assert server.last_request["messages"][0]["content"] == "For all."


def test_a_new_conversation_can_be_set_up_before_its_first_message(chat: ChatPage, server: PageServer) -> None:
    chat.page.get_by_role("button", name=re.compile("^This conversation’s settings")).click()
    chat.page.get_by_role("dialog").get_by_label("Model", exact=True).select_option("scripted-large")
    chat.page.keyboard.press("Escape")
    chat.ask("say one")
    chat.reload()
    chat.ask("say two")

    assert server.last_request["model"] == "scripted-large"


def test_settings_reach_the_other_tabs_and_survive_a_reload(chat: ChatPage, context: BrowserContext) -> None:
    other = ChatPage(context.new_page()).open()
    chat.open_settings().get_by_label("Theme").select_option(label="Dark")
    expect(other.page.locator("html")).to_have_attribute("data-theme", "dark")
    other.reload()

    expect(other.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_settings_can_be_changed_while_the_models_cannot_be_had(chat: ChatPage) -> None:
    chat.page.route("**/api/v1/models", lambda route: route.abort())
    dialog = chat.open_settings()

    expect(dialog.get_by_text("The list of models could not be loaded.")).to_be_attached()
