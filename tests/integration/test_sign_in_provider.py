"""A person signs in at a real OpenID provider, with authorization code and PKCE, and talks to the function."""

import base64
import hashlib
import json
import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPMessage, HTTPResponse
from http.cookiejar import CookieJar
from typing import IO

import pytest

from local.issuer import CLIENT_ID, Issuer
from tests.integration.conftest import Function
from tests.support.secrets import secret

PAGE = "http://localhost:8000/"
PERSON = secret("mx.autumn")


class StopAtThePage(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but not the last one, to a page that nobody serves here."""

    def redirect_request(  # noqa: PLR0913, PLR0917  # urllib's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if newurl.startswith(PAGE):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Browser:
    """As much of one as a sign-in needs: cookies, forms, redirects."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()), StopAtThePage()
        )

    def send(self, url: str, form: dict[str, str] | None = None) -> HTTPResponse | urllib.error.HTTPError:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            response: HTTPResponse = self.opener.open(url, data)
        except urllib.error.HTTPError as error:
            return error
        return response

    def sign_in(self, issuer: str, scopes: str) -> dict[str, str]:
        """The tokens of somebody who has signed in and agreed."""
        with self.send(f"{issuer}/.well-known/openid-configuration") as response:
            provider = json.load(response)
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "redirect_uri": PAGE,
            "scope": scopes,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "state": "state",
        }
        response = self.send(f"{provider['authorization_endpoint']}?{urllib.parse.urlencode(query)}")
        for form in ({"prompt": "login", "login": PERSON, "password": "any"}, {"prompt": "consent"}):
            with response:
                found = re.search(r'action="([^"]+)"', response.read().decode())
            assert found
            response = self.send(found[1], form)
        with response:
            code = urllib.parse.parse_qs(urllib.parse.urlsplit(response.headers["location"]).query)["code"][0]
        grant = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "redirect_uri": PAGE,
            "code": code,
            "code_verifier": verifier,
        }
        with self.send(provider["token_endpoint"], grant) as response:
            tokens: dict[str, str] = json.load(response)
        return tokens


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def tokens(issuer: Issuer) -> dict[str, str]:
    return Browser().sign_in(issuer.url, str(issuer.page["scopes"]))


@pytest.fixture(scope="module")
def function(start_function: Callable[..., Function], issuer: Issuer) -> Iterator[Function]:
    with ExitStack() as stack:
        yield start_function(stack, **issuer.variables)


def bearer(token: str) -> dict[str, str]:
    return {"x-chat-authorization": f"Bearer {secret(token)}"}


def test_who_has_signed_in_is_let_in(function: Function, tokens: dict[str, str]) -> None:
    assert function.chat(headers=bearer(tokens["access_token"])).body.endswith(b"data: [DONE]\n\n")


def test_the_id_token_is_not_a_way_in(function: Function, tokens: dict[str, str]) -> None:
    function.upstream.reset()

    assert function.chat(headers=bearer(tokens["id_token"])).status == 401
    assert function.upstream.requests == []


def test_a_token_without_the_scope_is_not_a_way_in(function: Function, issuer: Issuer) -> None:
    function.upstream.reset()
    tokens = Browser().sign_in(issuer.url, "openid")

    assert function.chat(headers=bearer(tokens["access_token"])).status == 401
    assert function.upstream.requests == []


def test_there_is_a_refresh_token_for_silent_renewal(tokens: dict[str, str]) -> None:
    assert secret(tokens["refresh_token"])
