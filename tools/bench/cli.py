"""`python -m tools.bench`: measures, prints one table, keeps every single figure in a JSON file."""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bundle import interpreters
from bundle.build import HostTarget, host_target
from tools.bench import marked, memory
from tools.bench.chat import BenchError
from tools.bench.contenders import NODE, OWN, Contender, prepare
from tools.bench.figures import Figures
from tools.bench.measure import FULL, QUICK, Bench, Plan
from tools.bench.quota import NoQuotaError
from tools.bench.report import headline, markdown, table
from tools.bench.rig import rig

_JSON = Path(__file__).parents[2] / "build" / "bench" / "figures.json"
_KEYS = ("function", "node", "fastapi", "usual", "relay")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    plan = QUICK if options.quick else FULL
    started = time.monotonic()
    try:
        names = ("bench-memory",) if options.memory else ("bench", "bench-line")
        for path in options.write:  # before the work, not after it
            marked.replace(path.read_text(encoding="utf-8"), dict.fromkeys(names, ""))
        host = host_target()
        _progress("building the contenders")
        wanted = [OWN] if options.memory else options.only
        contenders = [one for one in prepare(host) if one.key in wanted]
        if options.memory:
            parts = [asyncio.run(_measure_memory(host, contenders[0], plan))]
        else:
            figures = asyncio.run(_measure(host, contenders, plan))
            parts = [markdown(figures, _setting(host, contenders, plan)), headline(figures)]
            _JSON.write_text(json.dumps({key: asdict(one) for key, one in figures.items()}, indent=1))
        _progress("")
        print(parts[0], end="")
        marked.write(options.write, dict(zip(names, parts, strict=True)))
    except (BenchError, NoQuotaError, marked.MarksMissingError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print(f"{time.monotonic() - started:.0f} s; the last run's every figure: {os.path.relpath(_JSON)}", file=sys.stderr)
    return 0


async def _measure(host: HostTarget, contenders: list[Contender], plan: Plan) -> dict[str, Figures]:
    async with rig(host) as one:
        bench = Bench(one, contenders, _progress)
        await bench.run(plan)
        return bench.figures


async def _measure_memory(host: HostTarget, function: Contender, plan: Plan) -> str:
    async with rig(host) as one:
        head, *rows = memory.rows(await memory.sweep(one, function, plan.warm, _progress))
    return f"{table(head, rows)}\n\nMedians. {_setting(host, [function], plan)}\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench",
        description="Measures this function beside what people would use instead, on this machine, and prints a table.",
    )
    parser.add_argument("--quick", action="store_true", help="few runs: to try the rig, not for figures to quote")
    parser.add_argument(
        "--only", nargs="+", choices=_KEYS, default=_KEYS, metavar="NAME", help=f"of {', '.join(_KEYS)}"
    )
    parser.add_argument(
        "--memory", action="store_true", help="instead: this function with each memory size's CPU share"
    )
    parser.add_argument(
        "--write",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="also put the tables into documents, between <!-- bench --> and <!-- /bench --> "
        "(bench-line: one line of them; with --memory: bench-memory)",
    )
    return parser


def _setting(host: HostTarget, contenders: list[Contender], plan: Plan) -> str:
    python = interpreters.probe(host.interpreter)
    versions = [f"Python {python.version if python else host.python_version}"]
    if any(one.key == NODE for one in contenders):
        node = subprocess.run([str(shutil.which("node")), "--version"], capture_output=True, text=True, check=True)
        versions.append(f"Node {node.stdout.strip().removeprefix('v')}")
    load = f"{os.getloadavg()[0]:.1f}"
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"{', '.join(versions)}; {plan.cold} cold and {plan.warm} warm runs of each in turn, load {load}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)
    elif what:
        print(what, file=sys.stderr, flush=True)
