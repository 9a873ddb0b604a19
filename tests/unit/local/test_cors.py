import pytest

from local.cors import Cors
from local.http1 import Exchange
from tests.support.raw_http import Answer, RawConnection
from tests.support.serving import serving

PREFLIGHT = {"access_control_request_method": "POST"}


def ask(cors: Cors, method: str, **headers: str) -> Answer:
    async def handle(exchange: Exchange) -> None:
        verdict = ("x-verdict", f"{cors.is_preflight(exchange)} {cors.is_foreign(exchange)}")
        await exchange.respond(200, [*cors.answer_headers(exchange), verdict])

    with serving(handle) as port, RawConnection(port) as connection:
        connection.request(method, "/", b"", **headers)
        return connection.read()[0]


@pytest.fixture
def cors() -> Cors:
    return Cors(origins=["https://chat.example"])


def test_an_allowed_origin_may_read_the_answer(cors: Cors) -> None:
    answer = ask(cors, "POST", origin="https://chat.example")

    assert answer.header("access-control-allow-origin") == "https://chat.example"
    assert answer.header("vary") == "Origin"
    assert answer.header("access-control-expose-headers").startswith("x-request-id,retry-after,x-ratelimit-limit-")
    assert answer.header("access-control-allow-methods") == ""


def test_a_preflight_is_the_urls_to_answer(cors: Cors) -> None:
    answer = ask(cors, "OPTIONS", origin="https://chat.example", **PREFLIGHT)

    assert answer.header("x-verdict").startswith("True")
    assert answer.header("access-control-allow-methods") == "GET,POST"
    assert "x-stainless-lang" in answer.header("access-control-allow-headers").split(",")
    assert answer.header("access-control-max-age") == "3600"


@pytest.mark.parametrize("origin", ["https://other.example", "null", "https://chat.example.evil.example"])
def test_another_origin_gets_no_permission_and_is_foreign(cors: Cors, origin: str) -> None:
    answer = ask(cors, "POST", origin=origin)

    assert answer.header("access-control-allow-origin") == ""
    assert answer.header("x-verdict") == "False True"


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_a_page_of_this_machine_is_not_foreign(cors: Cors, origin: str) -> None:
    assert ask(cors, "POST", origin=origin).header("x-verdict") == "False False"


def test_without_an_origin_there_is_nothing_to_decide(cors: Cors) -> None:
    answer = ask(cors, "OPTIONS", **PREFLIGHT)

    assert answer.header("access-control-allow-origin") == ""
    assert answer.header("x-verdict") == "False False"


def test_without_rules_a_preflight_is_the_functions_to_answer() -> None:
    answer = ask(Cors(), "OPTIONS", origin="http://localhost:5173", **PREFLIGHT)

    assert answer.header("x-verdict").startswith("False")
