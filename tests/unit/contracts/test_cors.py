"""What another origin's pages may send, against what OpenAI's own client for browsers does send."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from contracts.cors import HEADERS, METHODS, ORIGIN

SCRIPT = Path(__file__).parents[2] / "openai_headers.mjs"
SAFELISTED = {
    "accept",
    "accept-language",
    "content-language",
}  # https://fetch.spec.whatwg.org/#cors-safelisted-request-header
OUR_OWN = {"x-amz-content-sha256", "x-chat-authorization"}


def test_the_headers_are_all_that_openais_client_sends_and_our_own() -> None:
    output = subprocess.run(["node", SCRIPT], check=True, capture_output=True, text=True, timeout=60).stdout

    assert set(json.loads(output)) - SAFELISTED == set(HEADERS) - OUR_OWN


def test_no_name_is_a_wildcard_or_listed_twice() -> None:
    assert "*" not in "".join([*METHODS, *HEADERS])
    assert len(set(HEADERS)) == len(HEADERS)


@pytest.mark.parametrize("origin", ["https://chat.example", "http://localhost:8000", "https://a-b.c.example:65535"])
def test_an_origin_is_scheme_host_and_port(origin: str) -> None:
    assert re.fullmatch(ORIGIN, origin)


@pytest.mark.parametrize(
    "text", ["*", "chat.example", "https://chat.example/", "https://*.example", "null", "file://x"]
)
def test_anything_else_is_none(text: str) -> None:
    assert not re.fullmatch(ORIGIN, text)
