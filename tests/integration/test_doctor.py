"""`python -m tools.doctor` as a person runs it: against local's real function, and an emulated SSM and STS (moto)."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from moto.server import ThreadedMotoServer

from bundle.build import HostTarget
from chat.settings import Settings
from contracts.page_config import page_config
from local.server import LocalLambda
from tests.support.logs import Logs, keep
from tests.support.scripted_upstream import Server
from tests.support.secrets import secret

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient

ROOT = Path(__file__).parent.parent.parent
KEY = secret("sk-doctor-secret-key")
PARAMETER = "/lambda-stream-chat/openai-api-key"
REGION = "eu-central-1"
CONFIG = page_config(Settings(), {"type": "none"})

Doctor = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def doctor() -> Doctor:
    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CHAT_"))}
        nothing = {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
        }
        command = [sys.executable, "-m", "tools.doctor", *arguments]
        result = subprocess.run(
            command, cwd=ROOT, env=kept | nothing | environment, capture_output=True, text=True, timeout=90, check=False
        )
        assert "Traceback" not in keep(result.stdout + result.stderr)
        return result

    return run


@pytest.fixture
def upstream() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def local(task_root: Path, host: HostTarget, upstream: Server, tmp_path: Path) -> Iterator[LocalLambda]:
    (tmp_path / "index.html").write_text("<!doctype html><html><title>Chat</title></html>")
    environment = {"API_KEY_PARAMETER": PARAMETER, "MODELS": "scripted", "UPSTREAM_BASE_URL": upstream.url}
    environment["SIGN_IN"] = "none"
    with LocalLambda(
        task_root, host.interpreter, environment, web_root=tmp_path, page_config=CONFIG, api_key=KEY, log=Logs()
    ) as running:
        yield running


@pytest.fixture(scope="module")
def account() -> Iterator[dict[str, str]]:
    """The environment of somebody with an account: empty, but for what moto puts into every one."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
        }
    finally:
        server.stop()


def ssm(account: dict[str, str]) -> "SSMClient":
    return boto3.client(
        "ssm",
        endpoint_url=account["AWS_ENDPOINT_URL"],
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def test_what_make_chat_serves_is_found_well_and_streaming(doctor: Doctor, local: LocalLambda) -> None:
    result = doctor("--no-aws", "--url", local.url, "--question", "pace 60 one two three")

    assert result.returncode == 0, result.stdout
    assert re.search(r"^ +ok  page http://127\.0\.0\.1:\d+/: is up$", result.stdout, re.MULTILINE)
    assert re.search(r"^ +ok  a chat: began after [\d.]+ s and came in \d+ pieces", result.stdout, re.MULTILINE)


def test_a_page_that_is_not_there_fails(doctor: Doctor) -> None:
    result = doctor("--no-aws", "--url", "http://127.0.0.1:9")

    assert result.returncode == 1
    assert "FAILED  page http://127.0.0.1:9/: cannot be reached: Connection refused" in result.stdout
    assert "not checked  a chat" in result.stdout


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://localhost:99999", "a port is a number up to 65535"),
        ("http://localhost:abc", "a port is a number up to 65535"),
        ("http://[::1", "cannot be read"),
        ("localhost:8000", "does not begin with http:// or https://"),
        ("http://user:hunter2@localhost", "holds a user or password"),
        ("http://localhost:0", "its port is 0"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(doctor: Doctor, url: str, fault: str) -> None:
    result = doctor("--no-aws", "--url", url)

    assert result.returncode == 2
    assert "--url: " in result.stderr
    assert fault in result.stderr
    assert "hunter2" not in result.stdout + result.stderr


def test_a_port_that_speaks_something_else_is_told_as_that(doctor: Doctor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with server.accept()[0] as client:
                client.recv(1)
                client.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

        with ThreadPoolExecutor(1) as thread:
            greeted = thread.submit(greet)
            result = doctor("--no-aws", "--url", f"http://127.0.0.1:{server.getsockname()[1]}")
            greeted.result()

    assert result.returncode == 1
    assert "cannot be reached: BadStatusLine" in result.stdout


def test_a_password_in_the_model_s_address_is_told_and_not_shown(
    doctor: Doctor, account: dict[str, str], tmp_path: Path
) -> None:
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    context |= {"upstream_base_url": f"https://me:{secret('hunter3')}@models.example/v1", "api_key_parameter": "/other"}
    cdk_json = tmp_path / "cdk.json"
    cdk_json.write_text(json.dumps({"context": context}), encoding="utf-8")
    ssm(account).put_parameter(Name="/other", Type="SecureString", Value=KEY)

    result = doctor("--cdk-json", str(cdk_json), **account)

    assert "https://models.example/v1 cannot be reached: its address holds a user or password" in result.stdout
    assert "hunter3" not in result.stdout + result.stderr


def test_an_upstream_that_is_gone_fails_with_the_function_s_own_error(
    doctor: Doctor, local: LocalLambda, upstream: Server
) -> None:
    upstream.stop()

    result = doctor("--no-aws", "--url", local.url)

    assert result.returncode == 1
    assert "FAILED  a chat: answers 502 upstream_unreachable" in result.stdout
    assert "aws logs tail" in result.stdout


def test_with_sign_in_on_it_says_how_to_give_it_a_token(
    doctor: Doctor, task_root: Path, host: HostTarget, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><html><title>Chat</title></html>")
    sign_in = {
        "SIGN_IN": "oidc",
        "SIGN_IN_ISSUER": "http://127.0.0.1:9",
        "SIGN_IN_AUDIENCE": "chat",
        "SUBJECT_SALT": "salt",
    }
    environment = {"API_KEY_PARAMETER": PARAMETER, "MODELS": "scripted", **sign_in}
    page = CONFIG | {"signIn": {"type": "oidc", "issuer": "http://127.0.0.1:9", "clientId": "page", "scopes": "openid"}}
    with LocalLambda(
        task_root, host.interpreter, environment, web_root=tmp_path, page_config=page, log=Logs()
    ) as running:
        without = doctor("--no-aws", "--url", running.url)
        refused = doctor("--no-aws", "--url", running.url, CHAT_TOKEN=secret("not-a-token"))

    assert without.returncode == 0
    assert "not checked  a chat: CHAT_TOKEN is not set" in without.stdout
    assert "keys create --owner doctor" in without.stdout
    assert refused.returncode == 1
    assert "FAILED  a chat: the token is refused (401)" in refused.stdout


def test_without_credentials_nothing_more_of_the_account_is_asked(doctor: Doctor) -> None:
    result = doctor("--region", REGION)

    assert result.returncode == 1
    assert "FAILED  credentials: none found" in result.stdout
    assert "aws configure sso" in result.stdout
    assert "parameter" not in result.stdout


def test_a_region_in_aws_region_alone_is_enough_and_another_one_beside_it_is_told(
    doctor: Doctor, account: dict[str, str]
) -> None:
    alone = doctor(**account)
    two = doctor(**account, AWS_DEFAULT_REGION="us-west-2")

    assert f"ok  region: {REGION}" in alone.stdout
    told = f"warning  region: {REGION} is checked, but AWS_REGION={REGION}, AWS_DEFAULT_REGION=us-west-2"
    assert told in two.stdout
    assert "CDK bootstrap" in two.stdout  # it goes on


def test_a_region_without_function_urls_is_told(doctor: Doctor, account: dict[str, str]) -> None:
    result = doctor("--region", "eu-central-2", **account)

    assert "warning  region: eu-central-2 had no Function URLs" in result.stdout


def test_an_empty_account_gets_a_command_for_each_thing_that_is_missing(
    doctor: Doctor, account: dict[str, str]
) -> None:
    result = doctor(**account)

    assert result.returncode == 1
    assert "ok  credentials: arn:aws:" in result.stdout
    assert f"FAILED  CDK bootstrap: {REGION} is not bootstrapped" in result.stdout
    assert "make bootstrap" in result.stdout
    assert f"FAILED  parameter {PARAMETER}: is not set" in result.stdout
    assert f"aws ssm put-parameter --name {PARAMETER} --type SecureString" in result.stdout
    assert "not checked  the model's API: there is no key to ask it with" in result.stdout
    assert "not checked  stack lambda-stream-chat-prod: is not deployed" in result.stdout


def test_a_ready_account_is_found_ready_before_the_first_deployment(
    doctor: Doctor, account: dict[str, str], upstream: Server, tmp_path: Path
) -> None:
    parameters = ssm(account)
    parameters.put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="30")
    parameters.put_parameter(Name=PARAMETER, Type="SecureString", Value=KEY)
    cdk_json = tmp_path / "cdk.json"
    text = (ROOT / "cdk.json").read_text(encoding="utf-8")
    text = text.replace("https://api.openai.com/v1", upstream.url).replace("gpt-5.4-mini", "scripted")
    cdk_json.write_text(text.replace("gpt-5.4-nano", "scripted-large"), encoding="utf-8")

    result = doctor("--cdk-json", str(cdk_json), **account)

    assert result.returncode == 0, result.stdout
    assert "ok  CDK bootstrap: version 30" in result.stdout
    assert f"ok  parameter {PARAMETER}: is set and can be decrypted" in result.stdout
    assert "ok  the model's API: takes the key and has scripted, scripted-large" in result.stdout
    assert "Nothing failed" in result.stdout


def test_the_help_says_how_a_signed_in_chat_is_checked(doctor: Doctor) -> None:
    result = doctor("--help")

    assert result.returncode == 0
    assert "CHAT_TOKEN" in result.stdout
