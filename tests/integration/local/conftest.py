"""`local` with real processes: AWS's runtime client and streaming_runtime under handlers that do what a test says."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from bundle.build import HostTarget
from local.server import LocalLambda
from local.throttle import Bandwidth
from tests.support.emulated import HANDLERS, Emulated, Start
from tests.support.logs import keep
from tests.support.manual_runtime import ManualRuntime, manual_runtime
from tests.support.secrets import secret

UNTHROTTLED = Bandwidth(1_000_000_000, 1_000_000_000)


@pytest.fixture(scope="module")
def start(task_root: Path, host: HostTarget) -> Start:
    def start(  # noqa: PLR0913  # options by name
        stack: ExitStack,
        *,
        module: str = "emulated",
        root: Path = task_root,
        environment: Mapping[str, str] | None = None,
        web_root: Path | None = None,
        timeout_seconds: float = 60,
        max_environments: int = 10,
        cors_origins: Sequence[str] = (),
        bandwidth: Bandwidth = UNTHROTTLED,
        tells_of_leaving: bool = True,
    ) -> Emulated:
        log: list[tuple[int, str]] = []
        server = LocalLambda(
            root,
            host.interpreter,
            {"PYTHONPATH": str(HANDLERS), **(environment or {})},
            handler=f"{module}.handler",
            web_root=web_root,
            page_config={"demo": True},
            timeout_seconds=timeout_seconds,
            max_environments=max_environments,
            cors_origins=cors_origins,
            bandwidth=bandwidth,
            tells_of_leaving=tells_of_leaving,
            log=lambda number, line: log.append((number, keep(line))),
        )
        return Emulated(stack.enter_context(server), log)

    return start


@pytest.fixture(scope="module")
def function(start: Start) -> Iterator[Emulated]:
    """One function for all tests that need no settings of their own: it has to survive each of them."""
    with pytest.MonkeyPatch.context() as shell, ExitStack() as stack:
        shell.setenv("OPENAI_API_KEY", secret("sk-of-the-developers-shell"))
        yield start(stack, cors_origins=["https://chat.example"], max_environments=4)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[ManualRuntime]:
    with manual_runtime(tmp_path) as runtime:
        yield runtime
