"""What can happen to one request: drawn by hypothesis, played by a lane."""

import gzip
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from hypothesis import strategies as st

_SHOWN_BYTES, _SHOWN_PIECES = 60, 8  # a plan is told short: its seed makes it again

# In every text that the model "says": it must be found in no log.
MARK = "Zebra-content-mark"

Framing = Literal["chunked", "length", "close"]
End = Literal["proper", "cut", "reset", "hold"]
Fault = Literal["none", "refuse", "error", "throttle", "hang"]
Reads = Literal["all", "leaves", "stalls"]


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """Bytes that upstream writes at once, so many times over, after a silence in seconds."""

    data: bytes
    after: float
    times: int = 1

    def __repr__(self) -> str:
        more = f" of {len(self.data):,}" if len(self.data) > _SHOWN_BYTES else ""
        return f"{self.after} s {self.data[:_SHOWN_BYTES]!r}{more} x {self.times}"

    @property
    def written(self) -> bytes:
        """What goes over the wire."""
        return self.data * self.times


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """One request's fate.

    Attributes:
        head: Upstream's status line and headers, without those of the framing.
        pieces: Its body, as it is written.
        framing: How the body's end is marked.
        end: What happens after the last piece.
        reads: What the client does.
        leaves_after: After how many bytes it leaves or stalls.
        stream: Whether it asks for a stream.
        include_usage: Whether it asks for the token counts.
        fault: What the table does...
        fault_at: ...at its n-th call of this request, and from then on.
    """

    head: bytes
    pieces: tuple[Piece, ...]
    framing: Framing
    end: End
    reads: Reads
    leaves_after: int
    stream: bool
    include_usage: bool
    fault: Fault
    fault_at: int

    def __repr__(self) -> str:
        pieces = [*map(repr, self.pieces[:_SHOWN_PIECES]), *(["…"] if len(self.pieces) > _SHOWN_PIECES else [])]
        rest = [self.framing, self.end, self.reads, self.leaves_after, self.stream, self.include_usage]
        return f"{self.head[:_SHOWN_BYTES]!r} {pieces} {rest} {self.fault} at {self.fault_at}"

    @property
    def kinds(self) -> list[str]:
        """What is bad about it, for a count."""
        return [
            *([f"ends: {self.end}"] if self.end != "proper" else []),
            *([f"client {self.reads}"] if self.reads != "all" else []),
            *([f"table: {self.fault}"] if self.fault != "none" else []),
            *([] if b" 200 " in self.head else ["refusals"]),
            *([] if all(piece.after < 1 for piece in self.pieces) else ["silences"]),
        ]

    @property
    def body(self) -> bytes:
        """All that upstream has to say."""
        return b"".join(piece.written for piece in self.pieces)


def _event(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _chunk(delta: object, finish: object = None) -> dict[str, object]:
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


_words = st.text(alphabet=st.sampled_from('abc é日本\U0001f600"\\\n'), max_size=12)
_tokens = _words.map(lambda text: _event(_chunk({"content": f"{MARK} {text}"})))
_counts = st.one_of(st.integers(0, 400), st.sampled_from([-5, 10**30, 1.5, "7", None, True]))
_odd = st.sampled_from(
    [
        _event(_chunk({"role": "assistant", "content": ""})),
        _event(_chunk({"reasoning_content": f"{MARK} hm"})),
        _event(_chunk({"tool_calls": [{"index": 0, "id": "t", "function": {"name": "f", "arguments": "{}"}}]})),
        _event({**_chunk({"content": "x"}), "error": None}),
        _event({"choices": []}),
        _event(
            {
                "error": {
                    "message": f"{MARK} no \x07\r\n" + "y" * 3000,
                    "code": "c\ud800ode".encode("utf-8", "replace").decode() * 40,
                }
            }
        ),
        _event([{"error": {"message": "an array", "code": 429}}]),
        b"{broken",
        b"",
    ]
)
_usage = st.builds(
    lambda a, b: _event({"choices": [], "usage": {"prompt_tokens": a, "completion_tokens": b}}), _counts, _counts
)
_finish = st.sampled_from(["stop", "length", "tool_calls"]).map(lambda reason: _event(_chunk({}, reason)))
_line_ends = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r"])


@st.composite
def _answers(draw: st.DrawFn) -> bytes:
    """An event stream: often a good one."""
    events = draw(st.lists(st.one_of(_tokens, _tokens, _tokens, _odd), max_size=8))
    if draw(st.integers(0, 5)):
        events.append(draw(_finish))
    if draw(st.booleans()):
        events.append(draw(_usage))
    end = draw(_line_ends)
    lines = [b"data: " + event + end + end for event in events]
    if draw(st.integers(0, 5)):
        lines.append(b"data: [DONE]" + end + end)
    if not draw(st.integers(0, 4)):
        lines.insert(
            draw(st.integers(0, len(lines))),
            draw(st.sampled_from([b": c" + end + end, b"retry: 9" + end + end, b"id: 1" + end])),
        )
    if not draw(st.integers(0, 9)):
        lines.append(draw(st.sampled_from([*lines[:1], b'data: {"choices":[]}\n\n'])))  # something after the end
    return b"".join(lines)


_TOKEN = b"data: " + _event(_chunk({"content": f"{MARK} and"})) + b"\n\n"
_FLOOD = Piece(b"data: " + _event(_chunk({"content": f"{MARK} " + "z" * 900})) + b"\n\n", 0, 9_000)  # about 9 MB

_whole = st.builds(
    lambda text, usage: _event(
        {"choices": [{"index": 0, "message": {"content": f"{MARK} {text}"}, "finish_reason": "stop"}], **usage}
    ),
    _words,
    st.one_of(
        st.just({}), st.builds(lambda a, b: {"usage": {"prompt_tokens": a, "completion_tokens": b}}, _counts, _counts)
    ),
)
_bodies = st.one_of(
    _answers(),
    _answers(),
    _answers(),
    _whole,
    st.sampled_from([b"", b"<html>", b"\xef\xbb\xbfdata: {}\n\n", b"\x1f\x8b" + b"\0" * 40]),
)
_statuses = st.sampled_from(
    [b"200 OK"] * 12
    + [
        b"400 No",
        b"401 No",
        b"403 No",
        b"404 No",
        b"429 No",
        b"500 No",
        b"503 No",
        b"302 Found",
        b"204 No Content",
        b"999 Odd",
    ]
)
_headers = st.sampled_from(
    [
        b"",
        b"",
        b"Retry-After: 7\r\n",
        b"Retry-After: 7\rX-Evil: 1\r\n",
        b"X-Request-Id: abc\r\nx-ratelimit-remaining-tokens: 5\r\n",
        b"Location: http://127.0.0.1:1/\r\n",
        b"Content-Encoding: gzip\r\n",
        b"X-Long: " + b"y" * 30_000 + b"\r\n",
        b"Folded: a\r\n b\r\n",
    ]
)


_BOMB = gzip.compress(b"\0" * 60_000_000, 9)


@st.composite
def _pieces(draw: st.DrawFn, body: bytes) -> list[Piece]:
    """A body, divided anyhow over time."""
    if body and not draw(st.integers(0, 5)):  # a byte is wrong
        at = draw(st.integers(0, len(body) - 1))
        body = body[:at] + draw(st.binary(min_size=1, max_size=2)) + body[at + 1 :]
    cuts = draw(st.sets(st.integers(0, min(len(body), 4_000)), max_size=6)) | {0, len(body)}
    # Silences: none, a short one, one that asks for a heartbeat, one that is too long.
    waits = st.sampled_from([0.0] * 6 + [0.05] * 3 + [0.6, 0.6, 4.0])
    pieces = [Piece(body[a:b], draw(waits)) for a, b in pairwise(sorted(cuts))]
    match draw(st.integers(0, 15)):
        case 0 | 1:  # it begins one byte at a time
            pieces = [*(Piece(bytes([byte]), 0.25) for byte in body[:12]), Piece(body[12:], 0)]
        case 2:  # it never ends
            pieces += [Piece(_TOKEN, 0.2)] * 50
        case 3:  # one event never ends
            pieces += [Piece(b"data: {", 0), *([Piece(b" ", 0.2)] * 50)]
        case 4 | 5:
            pieces.insert(draw(st.integers(0, len(pieces))), _FLOOD)
    return [piece for piece in pieces if piece.data]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan."""
    stream = draw(st.sampled_from([True, True, True, False]))
    headers, pieces = draw(_headers), draw(_bodies.flatmap(_pieces))
    if not stream and not draw(st.integers(0, 7)):
        headers, pieces = b"Content-Encoding: gzip\r\n", [Piece(_BOMB, 0)]
    return Plan(
        head=b"HTTP/1.1 " + draw(_statuses) + b"\r\ncontent-type: text/event-stream\r\n" + headers,
        pieces=tuple(pieces),
        framing=draw(st.sampled_from(["chunked", "chunked", "length", "close"])),
        end=draw(st.sampled_from(["proper"] * 6 + ["cut", "reset", "hold"])),
        reads=draw(st.sampled_from(["all"] * 6 + ["leaves", "stalls"])),
        leaves_after=draw(st.sampled_from([0, 1, 40, 300, 100_000])),
        stream=stream,
        include_usage=draw(st.booleans()),
        fault=draw(st.sampled_from(["none"] * 6 + ["refuse", "error", "throttle", "hang"])),
        fault_at=draw(st.integers(1, 3)),
    )
