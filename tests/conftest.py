"""The function as it ships, for this machine: built once, shared by all tests that start it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.workermanage import WorkerController

from bundle.build import HostTarget, build_function, host_target
from tests.support import logs
from tests.support.secrets import USED

ROOT = Path(__file__).parent.parent

settings.register_profile("endurance", max_examples=10_000)  # pytest --hypothesis-profile endurance


@pytest.fixture(scope="session")
def host() -> HostTarget:
    return host_target()


@pytest.fixture(scope="session")
def task_root(host: HostTarget) -> Path:
    return build_function(ROOT / "build" / "local", host)


@pytest.fixture(scope="session", autouse=True)
def no_log_has_a_secret(measured: Callable[[str], None]) -> Iterator[None]:
    """At the end of the run: no key, token or question of any test is in what the tested programs printed."""
    yield
    measured(f"looked for {len(USED):,} secrets and questions in {logs.count():,} lines of logs")
    assert logs.leaks() == []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    logs.keep(report.capstdout + report.capstderr + report.caplog)


_MEASURED = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a measurement for the report at the end of the run: told, never asserted."""
    return request.config.stash.setdefault(_MEASURED, []).append


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:  # this is one of pytest-xdist's workers: the report is made elsewhere
        output["measured"] = session.config.stash.get(_MEASURED, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    node.config.stash.setdefault(_MEASURED, []).extend(getattr(node, "workeroutput", {}).get("measured", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash.get(_MEASURED, [])
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)
