"""What a client learns of upstream's refusal: its reason, whatever its shape, and nothing that could do harm."""

import json
import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.errors import UpstreamError
from chat.model.cleaning import clean, clean_code
from chat.model.headers import passed_on
from chat.model.refusal import error_within, explained, refusal
from chat.model.service import Request
from tests.support.secrets import secret

KEY = secret("sk-refusal-secret-key")


class Service:
    """One whose key is `KEY`."""

    url = "https://upstream.example/v1"

    def request(self, body: bytes, path: str) -> Request:
        return Request(path, {"authorization": f"Bearer {KEY}"}, body)

    def renewed(self, _request: Request) -> None:
        return None

    def redact(self, text: str) -> str:
        return text.replace(KEY, "(key removed)")

    def remedy(self) -> dict[str, str]:
        return {"remedy": "set the key"}

    def prepare(self) -> None: ...

    def forget(self) -> None: ...


def refused(status: int, said: object, headers: dict[str, str] | None = None) -> UpstreamError:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return refusal(status, headers or {}, body, Service())


@pytest.mark.parametrize(
    ("said", "message", "code"),
    [
        ({"error": {"message": "Too long", "code": "too_long"}}, "Too long", "too_long"),
        ([{"error": {"code": 400, "message": "Bad", "status": "INVALID_ARGUMENT"}}], "Bad", "INVALID_ARGUMENT"),
        ({"error": "model 'x' not found"}, "model 'x' not found", "upstream_refused"),
        ({"message": "Malformed input", "code": 7}, "Malformed input", "7"),
        ({"Message": "No"}, "No", "upstream_refused"),
        ({"detail": "Not allowed"}, "Not allowed", "upstream_refused"),
        ({"detail": [{"loc": [1], "msg": "short"}, {"msg": "odd"}]}, "short; odd", "upstream_refused"),
        ({"error": {"message": ["one", "two"]}}, "one; two", "upstream_refused"),
        ({"error": {"message": {"en": "what"}}}, '{"en": "what"}', "upstream_refused"),
        ({"error": {"message": "Error", "metadata": {"raw": "busy"}}}, "Error: busy", "upstream_refused"),
        ({"errors": [{"title": "Nope"}]}, "Nope", "upstream_refused"),
        ({"error": {"message": "", "param": 5}}, '{"message": "", "param": 5}', "upstream_refused"),
        (b"context too long\nand a traceback", "context too long", "upstream_refused"),
        (b"<html><head><title>413 Too Large</title>", "413 Too Large", "upstream_refused"),
        (b"<html>", "The model's service refused the request with status 400.", "upstream_refused"),
        (b"", "The model's service refused the request with status 400.", "upstream_refused"),
        (b"[]", "The model's service refused the request with status 400.", "upstream_refused"),
        (b"\xff\xfe", "��", "upstream_refused"),
        (b"[" * 60_000, "[" * 999 + "…", "upstream_refused"),
    ],
)  # fmt: skip
def test_the_reason_arrives_in_whatever_shape_it_comes(said: object, message: str, code: str) -> None:
    error = refused(400, said)

    assert (error.status, error.message, error.code) == (400, message, code)
    assert error.reason == "status 400"


def test_only_401_and_what_is_clearly_about_the_key_is_about_the_key() -> None:
    about_the_key = [
        refused(401, {"error": {"message": f"Incorrect API key provided: {KEY[:8]}"}}),
        refused(403, {"error": {"message": "no", "code": "invalid_api_key"}}),
        refused(400, [{"error": {"code": 400, "message": "no", "details": [{"reason": "API_KEY_INVALID"}]}}]),
    ]

    assert [(error.status, error.code) for error in about_the_key] == [(401, "upstream_key_refused")] * 3
    assert not [error for error in about_the_key if KEY[:8] in error.message]


@pytest.mark.parametrize(
    "said",
    ["Your input was flagged: violence", "Country, region, or territory not supported", "No access to model gpt-9"],
)
def test_403_says_what_it_is_about(said: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        error = refused(403, {"error": {"message": said, "code": "not_here"}})

    assert (error.status, error.message, error.code, error.kind) == (403, said, "not_here", "permission_error")
    assert not caplog.records


@pytest.mark.parametrize(("status", "told"), [(500, 502), (502, 502), (503, 503), (504, 504), (529, 503), (302, 502)])
def test_a_failure_is_told_with_its_reason(status: int, told: int) -> None:
    error = refused(status, {"error": {"message": "The engine is overloaded"}}, {"retry-after": "3"})

    assert error.status == told
    assert f"status {status}" in error.message
    assert error.message.endswith("It said: The engine is overloaded")
    assert error.headers == {"retry-after": "3"}
    assert error.reason == f"status {status}"


@pytest.mark.parametrize(
    "said",
    [{"message": f"{KEY} at https://internal.example/{KEY}", "code": KEY, "param": KEY}, KEY, [KEY], {"x": KEY}],
)
def test_neither_the_key_nor_addresses_are_repeated(said: object) -> None:
    for error in (refused(400, {"error": said}), refused(500, {"error": said}), explained(said, Service())):
        told = json.dumps([error.wire(), error.headers, error.reason])
        assert KEY not in told
        assert "internal.example" not in told


@settings(deadline=None)
@given(
    said=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "message", "code", "param"]), inner),
    ),
    status=st.integers(300, 599),
)
def test_whatever_upstream_says_is_told_in_one_bounded_line(said: object, status: int) -> None:
    for error in (refused(status, said), refused(status, {"error": said}), explained(said, Service())):
        assert len(error.message) <= 1100
        assert error.message.isprintable()
        assert re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", error.code)
        assert error.param is None or (len(error.param) <= 100 and error.param.isprintable())


def test_a_text_is_cut_and_says_so() -> None:
    assert clean("a\r\n\x00\x1b[31m b\u2028\u202ec\ud800", 100) == "a [31m b c"
    assert clean("x" * 101, 100) == "x" * 99 + "…"
    assert clean("x" * 100, 100) == "x" * 100


def test_a_code_has_only_what_codes_are_made_of() -> None:
    assert clean_code("content filter\r\n" + "x" * 60_000) == "content_filter__" + "x" * 48


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b'{"error": {"message": "busy", "code": 429}}', 429),
        (b'[{"error": {"message": "busy", "code": 503}}]', 503),
        (b'{"error": "busy"}', 502),
        (b'{"error": {"code": 200}}', 502),
        (b'{"error": {"code": true}, "choices": []}', 502),
    ],
)
def test_an_error_with_status_200_is_seen(said: bytes, status: int) -> None:
    found = error_within(said)

    assert found is not None
    assert found[0] == status


@pytest.mark.parametrize(
    "said",
    [
        b'{"error": null, "choices": []}',
        b'{"choices": [{"message": {"content": "\\"error\\""}}]}',
        b'{"choices": [{}], "error": {"message": "a warning"}}',
        b'{"error"',
        b'["error"]',
        b"[" * 60_000 + b'"error"',
        b'"error"',
    ],
)
def test_an_answer_is_no_error(said: bytes) -> None:
    assert error_within(said) is None


@pytest.mark.parametrize("value", ["7", "0", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_wish_to_wait_is_passed_on(value: str) -> None:
    assert passed_on({"retry-after": value}, str) == {"retry-after": value}


@pytest.mark.parametrize(
    "value", ["", "soon", "-1", "1\r2", "1e9", "٣", "²", "9" * 5000, "Wed, 21 Oct 2026 07:28:00 CET", "\x00"]
)
def test_a_wish_to_wait_that_is_none_is_dropped(value: str) -> None:
    assert passed_on({"retry-after": value, "retry-after-ms": value}, str) == {}


def test_limits_and_the_request_id_are_passed_on_under_names_of_their_own() -> None:
    headers = {
        "retry-after-ms": "350",
        "x-request-id": "req_1",
        "apim-request-id": "not this one",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-requests": "6m0s",
        "x-ratelimit-limit-tokens": "with\x00control",
        "x-ratelimit-of-ours": KEY,
        "set-cookie": "no",
        "server": "no",
    }

    assert passed_on(headers, Service().redact) == {
        "x-upstream-retry-after-ms": "350",
        "x-upstream-request-id": "req_1",
        "x-upstream-ratelimit-remaining-tokens": "149984",
        "x-upstream-ratelimit-reset-requests": "6m0s",
    }


@pytest.mark.parametrize("name", ["apim-request-id", "x-amzn-requestid", "request-id"])
def test_other_services_call_their_request_id_otherwise(name: str) -> None:
    assert passed_on({name: "id-1", "x-request-id": "x" * 5000}, str) == {"x-upstream-request-id": "id-1"}


def test_no_more_headers_are_passed_on_than_anybody_has() -> None:
    assert len(passed_on({f"x-ratelimit-{at}": "1" for at in range(1000)}, str)) == 16
