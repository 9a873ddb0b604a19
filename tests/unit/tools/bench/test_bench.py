"""The rig's arithmetic, and one real round of it: what it prints is what was measured."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from bundle.build import HostTarget
from tools.bench import cost, marked
from tools.bench.chat import BenchError, Chat, function_url_event, request_body
from tools.bench.contenders import FASTAPI, NODE, OWN, Contender
from tools.bench.figures import Figures, median, percentile, quartiles
from tools.bench.report import headline, markdown, table
from tools.bench.rig import rig
from tools.bench.scripts import SCRIPTS
from tools.bench.upstream import event

T = TypeVar("T")
ROOT = Path(__file__).parents[4]


def _run(measuring: Coroutine[object, object, T]) -> T:
    """In a thread: this one may have an event loop already, Playwright's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, measuring).result()


def stamp(nanoseconds: int) -> bytes:
    return b"@%018d@" % nanoseconds


def test_tokens_are_found_however_the_bytes_were_divided() -> None:
    stream = b"".join([b"data: #%018d# " % 7, *(b"data: " + stamp(n) + b"\n\n" for n in range(1, 50))])
    for size in (1, 7, 19, 20, 21, 1000):
        chat = Chat()
        for at in range(0, len(stream), size):
            chat.feed(stream[at : at + size])

        assert chat.received == 7
        assert chat.written == list(range(1, 50))
        assert len(chat.arrived) == 49
        assert chat.arrived == sorted(chat.arrived)


def test_upstreams_own_delay_is_taken_off() -> None:
    chat = Chat(asked=0, received=2_000_000, written=[52_000_000], arrived=[55_000_000])

    assert chat.first_token_ms == 5
    assert chat.token_ms == [3]


def test_every_contender_is_asked_the_same() -> None:
    assert json.loads(function_url_event("paced"))["body"] == request_body("paced").decode()


def test_events_have_the_size_of_real_ones() -> None:
    assert 250 < len(event({"content": " word"})) < 400


def test_medians_and_spread() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]

    assert median(values) == 3
    assert quartiles(values) == (2, 4)
    assert quartiles([1.0]) == (1, 1)
    assert percentile([float(n) for n in range(1, 102)], 99) == 100


def test_costs_are_published_prices_times_what_is_used() -> None:
    assert cost.chats_usd(1024) == pytest.approx(1000 * (15 * 0.0000133334 + 0.0000002))
    assert cost.container_month_usd() == pytest.approx(730 * (0.25 * 0.03238 + 0.5 * 0.00356))


def figures(label: str, cold: float, zip_bytes: int = 1_000_000) -> Figures:
    return Figures(label, zip_bytes, [cold], [1.0], [0.5], [0.5] * 100, [50.0], [10.0], [30.0])


def test_the_report_says_which_aims_are_met() -> None:
    measured = {
        OWN: figures("this", 200, 13_000_000),
        FASTAPI: figures("FastAPI¹", 400),
        NODE: figures("Node", 100),
    }

    text = markdown(measured, "Today.")

    assert "| cold start, of FastAPI's | 0.6 \N{MULTIPLICATION SIGN} | 0.50 \N{MULTIPLICATION SIGN} | met |" in text
    assert "| cold start, of Node's | 1 \N{MULTIPLICATION SIGN} | 2.00 \N{MULTIPLICATION SIGN} | **not met** |" in text
    assert "| zip | 12 MB | 13.0 MB | **not met** |" in text
    assert "Lambda Web Adapter" in text


def test_a_table() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_one_line_says_it_beside_the_others() -> None:
    measured = {OWN: figures("this", 200), FASTAPI: figures("FastAPI¹", 1400), "relay": figures("relay", 60)}

    assert headline(measured) == (
        "Cold start to first token: **200 ms** (FastAPI 1,400). Added to the first token: 0.5 ms, to each: 0.5 ms. "
        "Memory: 30 MB.\n"
    )
    assert headline({FASTAPI: figures("FastAPI", 1400)}) == ""


def test_documents_get_what_was_printed_wherever_they_have_a_place_for_it(tmp_path: Path) -> None:
    tables, line = tmp_path / "performance.md", tmp_path / "README.md"
    tables.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n")
    line.write_text("before\n<!-- bench-line -->\nold\n<!-- /bench-line -->\nafter\n")

    marked.write([tables, line], {"bench": "new\n", "bench-line": "short\n"})

    assert tables.read_text() == "before\n<!-- bench -->\nnew\n<!-- /bench -->\nafter\n"
    assert line.read_text() == "before\n<!-- bench-line -->\nshort\n<!-- /bench-line -->\nafter\n"


@pytest.mark.parametrize("text", ["no marks", "<!-- /bench --><!-- bench -->", "<!-- bench -->", "<!-- /bench -->"])
def test_no_document_is_changed_when_one_has_no_place(tmp_path: Path, text: str) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("<!-- bench -->\n<!-- /bench -->\n")
    bad.write_text(text)

    with pytest.raises(marked.MarksMissingError, match=r"bad\.md"):
        marked.write([good, bad], {"bench": "new\n", "bench-line": "short\n"})

    assert good.read_text() == "<!-- bench -->\n<!-- /bench -->\n"


@pytest.mark.parametrize(("document", "names"), [("README.md", ["bench-line"]), ("docs/performance.md", ["bench"])])
def test_the_documents_have_their_places(document: str, names: list[str]) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    assert [name for name in ("bench", "bench-line") if f"<!-- {name} -->" in text] == names
    assert marked.replace(text, {"bench": "", "bench-line": ""}) != text


def test_a_chat_with_the_function_is_measured(task_root: Path, host: HostTarget) -> None:
    function = Contender(OWN, "this", "lambda", task_root, 1, {"MODELS": ",".join(SCRIPTS), "SIGN_IN": "none"})

    async def measure() -> tuple[Chat, float, float]:
        async with rig(host) as one:
            running = one.start(function)
            try:
                await running.chat("short")
                return await running.chat("short"), running.peak_rss_mb, running.cpu_seconds
            finally:
                await running.stop()

    chat, memory, cpu = _run(measure())

    assert len(chat.arrived) == SCRIPTS["short"].tokens
    assert all(written < arrived for written, arrived in zip(chat.written, chat.arrived, strict=True))
    assert chat.asked < chat.received < chat.written[0]
    assert memory > 5
    assert cpu > 0


def test_a_contender_that_fails_is_told_with_its_log(tmp_path: Path, host: HostTarget) -> None:
    (tmp_path / "bootstrap").write_text("#!/bin/sh\necho no luck\nexit 3\n")
    (tmp_path / "bootstrap").chmod(0o755)

    async def measure() -> None:
        async with rig(host) as one:
            running = one.start(Contender("broken", "broken", "lambda", tmp_path, 1))
            try:
                await running.chat("short")
            finally:
                await running.stop()

    with pytest.raises(BenchError, match="exit status 3"):
        _run(measure())
