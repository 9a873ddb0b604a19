"""The figures as Markdown tables: what was measured, the aims, what it costs."""

from collections.abc import Iterable, Mapping

from tools.bench import cost
from tools.bench.contenders import BUFFERED, FASTAPI, NODE, OWN
from tools.bench.figures import Figures, median, percentile, quartiles

_COLUMNS = (
    "",
    "cold start, ms",
    "first token, added ms: from the request / from upstream's write",
    "each token, added ms p50 / p99",
    "CPU per 1,000 tokens, ms: one by one / at once",
    "peak memory, MB",
    "zip, MB",
)


_LEGEND = (
    "Medians, in brackets the middle half of the runs; added is what the contender adds to the scripted model's time."
)
_COMPARED = (NODE, FASTAPI, BUFFERED)
_TIMES = "\N{MULTIPLICATION SIGN}"
_TO = "\N{EN DASH}"


def markdown(figures: Mapping[str, Figures], setting: str) -> str:
    """All tables; `setting` is the line on machine, versions and runs."""
    parts = [
        table(_COLUMNS, [_row(one) for one in figures.values()]),
        f"{_LEGEND} {setting}",
    ]
    if FASTAPI in figures and "¹" in figures[FASTAPI].label:
        parts.append("¹ No Lambda Web Adapter on this machine's PATH: its cost is not in these figures.")
    parts += [_aims(figures), _costs()]
    return "\n\n".join(part for part in parts if part) + "\n"


def headline(figures: Mapping[str, Figures]) -> str:
    """This function's figures in one line, beside the others' cold starts; empty without them."""
    own = figures.get(OWN)
    if own is None:
        return ""
    others = "; ".join(
        f"{one.label.rstrip('¹')} {_number(median(one.cold), 0)}" for key, one in figures.items() if key in _COMPARED
    )
    beside = f" ({others})" if others else ""
    return (
        f"Cold start to first token: **{_number(median(own.cold), 0)} ms**{beside}. "
        f"Added to the first token: {_number(median(own.first_token_back), 1)} ms, "
        f"to each: {_number(median(own.token), 1)} ms. Memory: {_number(median(own.peak_rss_mb), 0)} MB.\n"
    )


def _row(one: Figures) -> tuple[str, ...]:
    return (
        one.label,
        _spread(one.cold, 0),
        f"{_spread(one.first_token, 1)} / {_spread(one.first_token_back, 1)}",
        f"{_number(median(one.token), 2)} / {_number(percentile(one.token, 99), 2)}",
        f"{_number(median(one.cpu_single), 0)} / {_number(median(one.cpu_burst), 0)}",
        _number(median(one.peak_rss_mb), 0),
        _number(one.zip_bytes / 1e6, 1),
    )


def _aims(figures: Mapping[str, Figures]) -> str:
    own = figures.get(OWN)
    if own is None:
        return ""
    rows = [
        _aim("first token, from upstream's write, p50", median(own.first_token_back), 2, "ms"),
        _aim("first token, from the request, p50", median(own.first_token), 2, "ms"),
        _aim("each token, p50", median(own.token), 2, "ms"),
        _aim("CPU per 1,000 tokens at once", median(own.cpu_burst), 20, "ms"),
        _aim("peak memory", median(own.peak_rss_mb), 80, "MB"),
        _aim("zip", own.zip_bytes / 1e6, 12, "MB"),
    ]
    if node := figures.get(NODE):
        rows.insert(0, _ratio("cold start, of Node's", median(own.cold) / median(node.cold), 1))
        rows += [
            _ratio(
                "first token, from upstream's write, of Node's", _of(own.first_token_back, node.first_token_back), 1
            ),
            _ratio("first token, from the request, of Node's", _of(own.first_token, node.first_token), 1),
            _ratio("each token, of Node's", _of(own.token, node.token), 1),
        ]
    if fastapi := figures.get(FASTAPI):
        rows.insert(0, _ratio("cold start, of FastAPI's", median(own.cold) / median(fastapi.cold), 0.6))
    if usual := figures.get(BUFFERED):
        ratio = median(own.cpu_burst) / median(usual.cpu_burst)
        rows.append(_ratio("CPU per 1,000 tokens, of the buffered way's", ratio, 0.2))
    return table(("aim", "at most", "measured", ""), rows)


def _of(ours: list[float], theirs: list[float]) -> float:
    return median(ours) / median(theirs)


def _aim(what: str, value: float, most: float, unit: str) -> tuple[str, ...]:
    return what, f"{most:g} {unit}", f"{value:.1f} {unit}", "met" if value <= most else "**not met**"


def _ratio(what: str, value: float, most: float) -> tuple[str, ...]:
    return what, f"{most:g} {_TIMES}", f"{value:.2f} {_TIMES}", "met" if value <= most else "**not met**"


def _costs() -> str:
    rows = [
        (line.what, "—" if line.chats_usd is None else f"${line.chats_usd:.3f}", f"${line.idle_month_usd:.2f}")
        for line in cost.costs()
    ]
    chats = table(("", f"{cost.CHATS:,} chats of {cost.SECONDS} s", "a month without a chat"), rows)
    even = cost.chats_for_a_container(512)
    return (
        f"{chats}\n\nPrices: {cost.WHERE}. The container's are without its load balancer and public address. "
        f"Lambda at 512 MB reaches the container's price at {even:,} chats a month."
    )


def _spread(values: list[float], digits: int) -> str:
    low, high = quartiles(values)
    return f"{_number(median(values), digits)} ({_number(low, digits)}{_TO}{_number(high, digits)})"


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if value < 100 or not digits else f"{value:,.0f}"  # noqa: PLR2004  # no use of digits


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
