"""The function as it ships, for this machine: built once, shared by all tests that start it."""

from pathlib import Path

import pytest

from stacks.bundling import HostTarget, build_function, host_target

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def host() -> HostTarget:
    return host_target()


@pytest.fixture(scope="session")
def task_root(host: HostTarget) -> Path:
    return build_function(ROOT / "build" / "local", host)
