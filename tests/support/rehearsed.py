"""A deployment to an emulator of AWS, and ways to ask it."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.scripted_upstream import Server
from tests.support.secrets import secret
from tools.rehearsal.cdk import Cdk
from tools.rehearsal.emulator import REGION, Emulator

API_KEY = secret("sk-rehearsal-secret-key")
PARAMETER = "/lambda-stream-chat/openai-api-key"


@dataclass(frozen=True)
class Clock:
    """Tells how long each step took, in the report."""

    tell: Callable[[str], None]

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.tell(f"rehearsal: {step} {time.monotonic() - start:.1f} s")


@dataclass
class Account:
    """The emulated account and what is deployed to it.

    Attributes:
        emulator: Where everything is.
        session: For boto3's clients.
        cdk: The CLI.
        upstream: The model's API that the deployment talks to.
        settings: What is deployed.
        assembly: The same, synthesized.
        outputs: What the stack says of itself.
    """

    emulator: Emulator
    session: boto3.Session
    cdk: Cdk
    upstream: Server
    settings: dict[str, str]
    assembly: Path = Path()
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def fetch(request: urllib.request.Request) -> Reply:
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read())


def through_cloudfront(account: Account, path: str) -> Reply:
    """Ask the distribution, as the emulator has it: by the Host header."""
    headers = {"Host": urlsplit(account.outputs["PageUrl"]).netloc, "X-Forwarded-Proto": "https"}
    return fetch(urllib.request.Request(f"{account.emulator.url}{path}", headers=headers))


def call_function(  # noqa: PLR0913  # options by name
    account: Account,
    path: str,
    body: object = None,
    *,
    signed: bool = True,
    token: str | None = None,
    qualifier: str | None = None,
) -> Reply:
    """Ask the Function URL, signed as CloudFront would sign."""
    host = urlsplit(function_url(account, qualifier)["FunctionUrl"]).netloc
    url = f"{account.emulator.url}/_aws/lambda-url/{host.partition('.')[0]}{path}"
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json"} | ({"x-chat-authorization": f"Bearer {token}"} if token else {})
    request = AWSRequest("GET" if data is None else "POST", url, headers, data)
    if signed:
        SigV4Auth(Credentials("test", "test"), "lambda", REGION).add_auth(request)
    return fetch(urllib.request.Request(url, data, dict(request.headers.items()), method=request.method))


def function_url(account: Account, qualifier: str | None = None) -> Any:  # noqa: ANN401  # boto3's answer
    of = {"FunctionName": account.outputs["FunctionName"]} | ({"Qualifier": qualifier} if qualifier else {})
    return account.session.client("lambda").get_function_url_config(**of)


def events(body: bytes) -> list[str]:
    return [line.removeprefix("data: ") for line in body.decode().splitlines() if line.startswith("data: ")]
