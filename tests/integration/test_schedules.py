"""Any upstream, any client, any failing table: the answer ends in order, the process lives, all is logged and counted.

Random plans (tests/support/schedules) are played against real processes. `make test` plays a few, `make endurance`
plays on for as long as it is told.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bundle.build import HostTarget
from local.server import LocalLambda
from tests.integration.conftest import API_KEY, PARAMETER
from tests.support.aws import aws_server, table
from tests.support.logs import Logs
from tests.support.schedules.faults import FaultyTable
from tests.support.schedules.lane import SETTINGS, TIMEOUT_SECONDS, Lane
from tests.support.schedules.plan import Plan, plans
from tests.support.schedules.upstream import PlannedUpstream

LANES = 8
SECONDS = float(os.environ.get("ENDURANCE_SECONDS", "0"))  # 0: one round
ROUNDS = 3  # of LANES plans each


@pytest.fixture(scope="module")
def lanes(task_root: Path, host: HostTarget) -> Iterator[list[Lane]]:
    with ExitStack() as stack:
        backend = stack.enter_context(aws_server())
        yield [_lane(stack, task_root, host, backend, f"table-{number}") for number in range(LANES)]


def _lane(stack: ExitStack, task_root: Path, host: HostTarget, backend: str, table_name: str) -> Lane:
    items = stack.enter_context(table(backend, table_name))
    between = stack.enter_context(FaultyTable(backend))
    upstream = stack.enter_context(PlannedUpstream())
    logs = Logs()
    variables = {
        "API_KEY_PARAMETER": PARAMETER,
        "UPSTREAM_BASE_URL": upstream.url,
        "MODELS": "small",
        "SIGN_IN": "none",
        "TABLE_NAME": table_name,
        "AWS_ENDPOINT_URL_DYNAMODB": between.url,
        "POWERTOOLS_SERVICE_NAME": "chat",
        **SETTINGS,
    }
    server = LocalLambda(
        task_root,
        host.interpreter,
        variables,
        timeout_seconds=TIMEOUT_SECONDS,
        api_key=API_KEY,
        max_environments=1,
        log=logs,
    )
    return Lane(stack.enter_context(server), upstream, between, items, table_name, logs)


@pytest.mark.timeout(SECONDS + 600)
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # a failure tells each plan in short
def test_whatever_happens(lanes: list[Lane], measured: Callable[[str], None]) -> None:
    began, played = time.monotonic(), Counter[str]()
    for lane in lanes:
        assert lane.serves()  # and its process has started

    with ThreadPoolExecutor(LANES) as threads:

        def play_round(round_seed: int) -> None:
            @seed(round_seed)
            @settings(
                max_examples=ROUNDS,
                deadline=None,
                database=None,
                phases=[Phase.generate],  # a schedule takes seconds: it is told as it is, not made smaller
                suppress_health_check=list(HealthCheck),
            )
            @given(st.lists(plans(), min_size=LANES, max_size=LANES))
            def play(batch: list[Plan]) -> None:
                verdicts = list(threads.map(lambda pair: pair[0].play(pair[1]), zip(lanes, batch, strict=True)))
                for plan in batch:
                    played.update(["schedules", *plan.kinds])
                broken = [f"{plan}\n{verdict}" for plan, verdict in zip(batch, verdicts, strict=True) if verdict]
                assert not broken, "\n\n".join(broken)

            play()

        number = int(os.environ.get("ENDURANCE_SEED", str(time.time_ns() % 1_000_000)))
        play_round(number)
        while time.monotonic() - began < SECONDS:
            number += 1
            play_round(number)
    assert all(lane.serves() for lane in lanes)
    what = ", ".join(f"{count} {kind}" for kind, count in played.most_common())
    measured(f"{what}; in {time.monotonic() - began:.0f} s, the last seed {number}: every rule held")
