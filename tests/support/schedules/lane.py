"""One function process with an upstream and a table of its own: plays plans, one after the other, and judges them."""

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

from local.server import LocalLambda
from tests.support.logs import Logs
from tests.support.schedules.client import Seen, ask
from tests.support.schedules.faults import FaultyTable
from tests.support.schedules.plan import Piece, Plan
from tests.support.schedules.reading import data_of
from tests.support.schedules.rules import answer_rules, asked_rules, count_rules, log_rules
from tests.support.schedules.upstream import PlannedUpstream

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

QUESTION = "Quagga question mark"
TIMEOUT_SECONDS = 9.0
SETTINGS = {
    "FIRST_BYTE_SECONDS": "0.5",
    "HEARTBEAT_SECONDS": "0.5",
    "SILENCE_SECONDS": "3",
    "DEADLINE_MARGIN_SECONDS": "2",
    "MAX_OUTPUT_TOKENS": "500",
    "DAILY_TOKENS_PER_PERSON": "1000000000",
}
_LOG_SECONDS = TIMEOUT_SECONDS + 15
_MAX_MB = 200
_OK = 200


@dataclass(frozen=True, slots=True)
class Lane:
    """What a plan is played on.

    Attributes:
        server: The function under local's Lambda.
        upstream: The model's service.
        table: Between the function and moto.
        items: moto, seen directly.
        table_name: Of the table in it.
        logs: What the function prints.
    """

    server: LocalLambda
    upstream: PlannedUpstream
    table: FaultyTable
    items: "DynamoDBClient"
    table_name: str
    logs: Logs

    def play(self, plan: Plan) -> list[str]:
        """Play a plan; what of the rules did not hold, in words."""
        pids = {one.pid for one in self.server.environments}
        logged, used = len(self.logs.lines), self._used()
        self.upstream.follow(plan)
        self.table.fail(plan.fault, plan.fault_at)
        seen = self._ask(plan)
        records = self._records(logged)
        self.table.fail("none", 0)
        counted = self._used() - used
        printed = "\n".join(self.logs.lines[logged:])
        broken = [
            *self._process_rules(pids),
            *log_rules(records, printed, QUESTION, seen),
            *answer_rules(plan, seen),
            *count_rules(plan, self.upstream, seen, counted),
            *asked_rules(self.upstream),
        ]
        if broken:
            broken.append(f"status {seen.status}, {len(seen.body)} bytes …{seen.body[-200:]!r}; log {printed[-1500:]}")
        return broken

    def serves(self) -> bool:
        """Whether the process answers, with nothing wrong anywhere."""
        logged = len(self.logs.lines)
        self.table.fail("none", 0)
        self.upstream.follow(_GOOD)
        seen = self._ask(_GOOD)
        return seen.status == _OK and "[DONE]" in data_of(seen.body) and len(self._records(logged)) == 1

    def _ask(self, plan: Plan) -> Seen:
        """Ask as soon as the one process is free: it may still be settling what it answered last."""
        until = time.monotonic() + _LOG_SECONDS
        while b"Rate Exceeded" in (seen := ask(self.server.url, plan, QUESTION)).body and time.monotonic() < until:
            time.sleep(0.1)
        return seen

    def _used(self) -> int:
        items = self.items.scan(TableName=self.table_name)["Items"]
        return sum(int(item.get("used_tokens", {"N": "0"})["N"]) for item in items)

    def _records(self, start: int) -> list[dict[str, Any]]:
        """The request's log lines; waits for the first, and whether there is another."""
        until = time.monotonic() + _LOG_SECONDS
        while time.monotonic() < until:
            if found := self._requests(start):
                time.sleep(0.15)
                return self._requests(start) or found
            time.sleep(0.02)
        return []

    def _requests(self, start: int) -> list[dict[str, Any]]:
        lines = [line for line in self.logs.lines[start:] if '"message":"request"' in line]
        return [json.loads(line[line.index('{"level"') :]) for line in lines]

    def _process_rules(self, pids: set[int]) -> list[str]:
        now = {one.pid for one in self.server.environments}
        broken = [] if now == pids else [f"the environment did not live: {pids} became {now}"]
        sizes = [psutil.Process(pid).memory_info().rss / 1e6 for pid in now]
        return broken + [f"memory is not bounded: {size:.0f} MB" for size in sizes if size > _MAX_MB]


_GOOD = Plan(
    head=b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n",
    pieces=(Piece(b'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n', 0),),
    framing="chunked",
    end="proper",
    reads="all",
    leaves_after=0,
    stream=True,
    include_usage=False,
    fault="none",
    fault_at=1,
)
