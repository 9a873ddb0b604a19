import base64

import pytest

from chat.errors import InvalidRequestError
from chat.request.http_request import HttpRequest


def event(path: str = "/", body: object = None, *, base64_encoded: bool = False) -> dict[str, object]:
    return {
        "version": "2.0",
        "requestContext": {"http": {"method": "post"}},
        "rawPath": path,
        "headers": {"content-type": "application/json"},
        "body": body,
        "isBase64Encoded": base64_encoded,
    }


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/api", "/"),
        ("/api/", "/"),
        ("/api/v1/models", "/v1/models"),
        ("/v1/models/", "/v1/models"),
        ("/apiary", "/apiary"),
        ("//", "/"),
    ],
)
def test_the_route_is_the_same_with_and_without_the_api_prefix(path: str, route: str) -> None:
    assert HttpRequest.from_event(event(path)).path == route


def test_method_headers_and_body() -> None:
    request = HttpRequest.from_event(event(body='{"message": "日本"}'))

    assert request.method == "POST"
    assert request.headers["content-type"] == "application/json"
    assert request.body == '{"message": "日本"}'.encode()


def test_a_base64_body_is_decoded() -> None:
    body = base64.b64encode(b'{"message": "hi"}').decode()

    assert HttpRequest.from_event(event(body=body, base64_encoded=True)).body == b'{"message": "hi"}'


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"requestContext": {"http": {}}, "rawPath": "/", "headers": {}},
        event(body=5),
        event(body="%%%", base64_encoded=True),
        event(body="\ud800"),
    ],
)
def test_what_is_not_a_request_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        HttpRequest.from_event(bad)
