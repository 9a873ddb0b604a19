"""How this function fares with the CPU share of each of Lambda's memory sizes."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.bench import build, cost
from tools.bench.chat import Chat
from tools.bench.contenders import Contender
from tools.bench.figures import median, percentile, quartiles
from tools.bench.quota import quota
from tools.bench.rig import Rig

# One whole CPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
FULL_CPU_MB = 1769
SIZES_MB = (128, 256, 512, 1024, FULL_CPU_MB)
_WARM_CHATS = 3


@dataclass
class Size:
    """What was measured with one memory size; milliseconds."""

    cold: list[float] = field(default_factory=list)
    first_token: list[float] = field(default_factory=list)
    token: list[float] = field(default_factory=list)


async def sweep(rig: Rig, function: Contender, runs: int, progress: Callable[[str], None]) -> dict[int, Size]:
    """Measure every size in turn, `runs` times."""
    sizes = {memory: Size() for memory in SIZES_MB}
    for run in range(runs):
        for memory, size in sizes.items():
            progress(f"memory sizes, run {run + 1} of {runs}: {memory} MB")
            with quota(memory / FULL_CPU_MB) as join:
                variables = {**function.variables, "JOIN": str(join), "LAMBDA_TASK_ROOT": str(function.task_root)}
                running = rig.start(replace(function, task_root=_joining(), variables=variables))
                try:
                    cold = Chat()
                    await running.chat("cold", cold)
                    size.cold.append(cold.first_token_ms)
                    for _ in range(_WARM_CHATS):
                        chat = await running.chat("paced")
                        size.first_token.append(chat.first_token_ms)
                        size.token += chat.token_ms
                finally:
                    await running.stop()
    return sizes


def rows(sizes: dict[int, Size]) -> list[tuple[str, ...]]:
    """The table, its head first."""
    table: list[tuple[str, ...]] = [
        (
            "memory, MB",
            "CPU",
            "cold start, ms",
            "first token, added ms",
            "each token, added ms p50 / p99",
            "1,000 chats",
        )
    ]
    for memory, size in sizes.items():
        low, high = quartiles(size.cold)
        table.append(
            (
                f"{memory:,}",
                f"{memory / FULL_CPU_MB:.2f}",
                f"{median(size.cold):,.0f} ({low:,.0f} to {high:,.0f})",
                f"{median(size.first_token):.1f}",
                f"{median(size.token):.2f} / {percentile(size.token, 99):.1f}",
                f"${cost.chats_usd(memory):.3f}",
            )
        )
    return table


def _joining() -> Path:
    """A task root whose bootstrap joins the control group and becomes the function's own."""
    folder = build.OUT / "joining"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bootstrap = folder / "bootstrap"
    bootstrap.write_text('#!/bin/sh\necho $$ > "$JOIN" && exec "$LAMBDA_TASK_ROOT/bootstrap" "$@"\n')
    bootstrap.chmod(0o755)
    return folder
