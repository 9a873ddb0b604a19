"""One deployment to an emulator of AWS, shared by the tests that look at it."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import boto3
import pytest

from bundle.build import HostTarget
from tests.support.logs import keep
from tests.support.rehearsed import API_KEY, PARAMETER, Account, Clock
from tests.support.scripted_upstream import Server
from tests.support.secrets import secret
from tools.rehearsal.cdk import Cdk
from tools.rehearsal.emulator import REGION, ROOT, Emulator, EmulatorMissingError


@pytest.fixture(scope="session")
def clock(measured: Callable[[str], None]) -> Clock:
    return Clock(measured)


@pytest.fixture(scope="session")
def account(host: HostTarget, clock: Clock) -> Iterator[Account]:
    """An account with nothing in it but the model's key."""
    with pytest.MonkeyPatch.context() as patch, Server() as upstream:
        emulator = Emulator(host)
        try:
            with clock("start of the emulator"):
                emulator.__enter__()  # only this may mean that the machine cannot do it
        except EmulatorMissingError as missing:
            pytest.skip(f"NOT REHEARSED: {missing}")
        try:
            for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL", "NO_PROXY", "no_proxy"):
                patch.setenv(name, emulator.environment[name])
            patch.delenv("AWS_PROFILE", raising=False)
            session = boto3.Session("test", "test", region_name=REGION)
            session.client("ssm").put_parameter(Name=PARAMETER, Type="SecureString", Value=API_KEY)
            settings = {"stage": "rehearsal", "models": "scripted", "upstream_base_url": upstream.url, "api_keys": "on"}
            yield Account(emulator, session, Cdk(emulator), upstream, settings)
        finally:
            keep(emulator.log)
            emulator.__exit__(None, None, None)


@pytest.fixture(scope="session")
def deployed(account: Account, clock: Clock) -> Account:
    """The account after `cdk bootstrap` and the first `cdk deploy`."""
    with clock("bootstrap"):
        account.cdk.bootstrap()
    with clock("synth"):
        account.assembly = account.cdk.synth(account.settings)
    with clock("deploy"):
        _, account.outputs = account.cdk.deploy(account.assembly)
    return account


@pytest.fixture(scope="session")
def api_key(deployed: Account) -> str:
    """A key for the deployed endpoint, minted as its owner mints one."""
    command = [sys.executable, "-m", "tools.admin", "--stage", "rehearsal", "keys", "create", "--owner", "rehearsal"]
    minted = subprocess.run(
        command, cwd=ROOT, env=deployed.emulator.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert minted.returncode == 0, minted.stderr
    return secret(minted.stdout.strip())
