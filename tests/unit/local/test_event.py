import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.event import function_url_event
from local.http1 import Exchange
from tests.support.raw_http import RawConnection
from tests.support.serving import serving

Send = Callable[..., dict[str, Any]]


async def answer_with_event(exchange: Exchange) -> None:
    await exchange.respond(200, [], function_url_event(exchange, await exchange.body(100_000)))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(answer_with_event) as port:
        yield port


@pytest.fixture
def event_of(port: int) -> Iterator[Send]:
    with RawConnection(port) as connection:

        def send(method: str, target: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
            connection.request(method, target, body, **headers)
            event: dict[str, Any] = json.loads(connection.read()[1])
            return event

        yield send


def test_method_path_and_client_are_in_the_request_context(event_of: Send) -> None:
    event = event_of("PATCH", "/api/v1/a%20b", user_agent="test/1")

    assert event["version"] == "2.0"
    assert event["rawPath"] == "/api/v1/a%20b"
    http = event["requestContext"]["http"]
    assert http == {
        "method": "PATCH",
        "path": "/api/v1/a%20b",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "test/1",
    }
    assert event["requestContext"]["domainName"] == "localhost"
    assert {"accountId", "apiId", "requestId", "stage", "time", "timeEpoch"} <= set(event["requestContext"])


def test_the_query_comes_raw_and_parsed(event_of: Send) -> None:
    event = event_of("GET", "/?a=1&a=2&b=%C3%A9+x&c=")

    assert event["rawQueryString"] == "a=1&a=2&b=%C3%A9+x&c="
    assert event["queryStringParameters"] == {"a": "1,2", "b": "é x", "c": ""}


def test_header_names_are_in_lower_case_and_those_of_the_connection_are_left_out(event_of: Send) -> None:
    headers = event_of("GET", "/", X_Custom="Value", connection="keep-alive", te="trailers")["headers"]

    assert headers["x-custom"] == "Value"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert not {"connection", "te"} & set(headers)


def test_cookies_are_apart_from_the_headers(event_of: Send) -> None:
    event = event_of("GET", "/", cookie="a=1; b=2")

    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]


def test_what_a_request_does_not_have_is_not_in_the_event(event_of: Send) -> None:
    event = event_of("GET", "/")

    assert not {"cookies", "queryStringParameters", "body"} & set(event)
    assert event["rawQueryString"] == ""
    assert event["isBase64Encoded"] is False


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain; charset=utf-8", "application/problem+json", "Application/XML"]
)
def test_a_text_body_comes_as_it_is(event_of: Send, content_type: str) -> None:
    event = event_of("POST", "/", "é".encode(), content_type=content_type)

    assert (event["body"], event["isBase64Encoded"]) == ("é", False)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "image/png", "", "text/plain"])
def test_any_other_body_comes_as_base64(event_of: Send, content_type: str) -> None:
    event = event_of("POST", "/", b"\xff\x00", content_type=content_type)

    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"\xff\x00"


def test_what_curl_sends_without_options_is_form_data_and_so_base64(event_of: Send) -> None:
    event = event_of("POST", "/", b'{"message":"Hello"}', content_type="application/x-www-form-urlencoded")

    assert base64.b64decode(event["body"]) == b'{"message":"Hello"}'


def test_the_length_of_a_chunked_body_is_told(port: int) -> None:
    with RawConnection(port) as connection:
        connection.send(b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        headers = json.loads(connection.read()[1])["headers"]

    assert headers["content-length"] == "3"
    assert "transfer-encoding" not in headers
