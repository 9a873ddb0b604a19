"""The relay over a scripted reader: silence, endings and errors without a network."""

import json
import time

import pytest

from chat.answer.background import BackgroundReader, SilenceError
from chat.answer.bodies import EventStream, PlainText, StreamedBody
from chat.answer.completion import CompletionWatch
from chat.answer.relay import Relay
from chat.answer.timed_reader import TimedReader
from chat.errors import AnswerInterruptedError, ApiError, DeadlineError, UpstreamError
from chat.usage import Usage

TOKEN = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
FINISH = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n'
DONE = b"data: [DONE]\n\n"
SILENCE = None


class PausedReader(BackgroundReader):
    """Gives its steps one `get` at a time; `SILENCE` is one wait in vain."""

    def __init__(self, *steps: bytes | Exception | None) -> None:
        self.steps: list[bytes | Exception | None] = list(steps)
        self.closed = False

    def get(self, timeout: float) -> bytes | None:
        assert timeout >= 0 or not self.steps
        step = self.steps.pop(0) if self.steps else b""
        if step == b"":
            return None
        if step is SILENCE:
            raise SilenceError
        if isinstance(step, Exception):
            raise step
        return step

    def close(self) -> None:
        self.closed = True


def explain(error: object) -> UpstreamError:
    """What upstream says, as the application has it explained."""
    return UpstreamError(f"Upstream says: {error}", code="explained")


def relay_of(reader: BackgroundReader, usage: Usage, heartbeat_seconds: float = 10) -> Relay:
    timed = TimedReader(reader, 60, time.monotonic() + 60)
    relay = Relay(timed, heartbeat_seconds, CompletionWatch(usage, explain))
    relay.wait(heartbeat_seconds)
    return relay


class Ends(list[ApiError | None]):
    """What a body says when it ends."""


def event_stream(
    reader: BackgroundReader, usage: Usage, *, include_usage: bool = False, ends: Ends | None = None
) -> StreamedBody:
    relay = relay_of(reader, usage)
    return EventStream(relay, (Ends() if ends is None else ends).append, include_usage=include_usage)


def read(body: StreamedBody) -> list[bytes]:
    chunks = []
    try:
        for chunk in body:
            chunks.append(chunk)  # noqa: PERF402  # kept when the body raises
    except AnswerInterruptedError:
        chunks.append(b"INTERRUPTED")
    return chunks


def test_upstreams_bytes_pass_unchanged_one_chunk_a_packet() -> None:
    usage = Usage()

    assert read(event_stream(PausedReader(TOKEN, TOKEN + TOKEN, FINISH, DONE), usage)) == [
        TOKEN,
        TOKEN + TOKEN,
        FINISH,
        DONE,
    ]
    assert usage.finish_reason == "stop"
    assert usage.first_token_at is not None


@pytest.mark.parametrize("asked", [True, False])
def test_the_usage_event_is_recorded_and_passed_on_only_if_asked_for(asked: bool) -> None:  # noqa: FBT001  # parameter
    usage = Usage()

    body = b"".join(read(event_stream(PausedReader(TOKEN, FINISH, USAGE, DONE), usage, include_usage=asked)))

    assert (USAGE in body) is asked
    assert (usage.tokens_in, usage.tokens_out) == (3, 4)


def test_silence_becomes_a_comment() -> None:
    chunks = read(event_stream(PausedReader(SILENCE, TOKEN, SILENCE, FINISH), Usage()))

    assert chunks == [b": ping\n\n", TOKEN, b": ping\n\n", FINISH]


def test_after_an_id_the_comment_has_no_blank_line() -> None:
    with_id = b"id: 1\n" + TOKEN

    chunks = read(event_stream(PausedReader(with_id, SILENCE, FINISH), Usage()))

    assert chunks == [with_id, b": ping\n", FINISH]


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ([], b'"upstream_incomplete"'),
        ([b"data: {broken\n\n"], b'"upstream_malformed"'),
        ([TOKEN + b"data: {broken\n\n"], b'"upstream_malformed"'),
        ([b'data: {"error":{"message":"No room."}}\n\n', DONE], b'"explained"'),
        ([TOKEN + b'data: {"error":"No room."}\n\n' + DONE], b'"explained"'),
        ([b'event: error\ndata: {"message":"No room."}\n\n'], b'"explained"'),
        ([DeadlineError("Too long.")], b'"deadline_exceeded"'),
        ([ZeroDivisionError("secret")], b'"internal_error"'),
    ],
)
def test_a_bad_end_is_told_in_band_and_nothing_before_it_is_lost(ending: list[bytes | Exception], code: bytes) -> None:
    reader, ends = PausedReader(TOKEN, *ending), Ends()

    chunks = read(event_stream(reader, Usage(), ends=ends))

    assert chunks[0] == TOKEN
    assert chunks[-1] == b"INTERRUPTED"
    assert code in chunks[-2]
    assert b"secret" not in b"".join(chunks)
    (error,) = ends
    assert error is not None
    assert json.dumps(error.code).encode() == code
    assert reader.closed


def test_an_answer_with_a_finish_reason_but_no_done_is_complete() -> None:
    assert read(event_stream(PausedReader(TOKEN, FINISH), Usage())) == [TOKEN, FINISH]


def test_plain_text_is_the_answers_text_alone() -> None:
    relay = relay_of(PausedReader(TOKEN, SILENCE, TOKEN, FINISH, DONE), Usage())

    assert b"".join(read(PlainText(relay, Ends().append))) == b"HiHi"


def test_plain_text_tells_an_interruption_in_words() -> None:
    relay = relay_of(PausedReader(TOKEN), Usage())

    text = b"".join(read(PlainText(relay, Ends().append)))

    assert text.startswith(b"Hi\n\n[The answer was interrupted: ")
    assert text.endswith(b"INTERRUPTED")


def test_a_body_that_is_closed_early_closes_upstream_and_says_so_once() -> None:
    reader, ends = PausedReader(TOKEN, TOKEN), Ends()
    body = event_stream(reader, Usage(), ends=ends)

    assert next(iter(body)) == TOKEN
    body.close()
    body.close()

    assert reader.closed
    assert ends == [None]


def test_the_error_that_upstream_sends_is_explained() -> None:
    chunks = read(event_stream(PausedReader(TOKEN, b'data: {"error":[{"message":"No room."}]}\n\n'), Usage()))

    assert b"No room." in chunks[-2]


@pytest.mark.parametrize("nothing", ["null", "false", "{}", '""'])
def test_an_error_that_is_nothing_is_none(nothing: str) -> None:
    chunk = TOKEN.replace(b'{"choices"', f'{{"error":{nothing},"choices"'.encode())

    assert read(event_stream(PausedReader(chunk, FINISH, DONE), Usage())) == [chunk, FINISH, DONE]


@pytest.mark.parametrize("after", [[], [SILENCE] * 5, [TOKEN], [UpstreamError("broken")], [b"data: {broken\n\n"]])
@pytest.mark.parametrize("done", [DONE, b"data: [DONE] \r\n\r\n", b"data:[DONE]\r\r"])
def test_an_answer_is_over_at_done(done: bytes, after: list[bytes | Exception | None]) -> None:
    reader, ends = PausedReader(TOKEN, FINISH, done, *after), Ends()

    assert read(event_stream(reader, Usage(), ends=ends)) == [TOKEN, FINISH, done]
    assert ends == [None]
    assert reader.closed


def test_nothing_follows_done_in_the_same_packet() -> None:
    usage = Usage()

    assert read(event_stream(PausedReader(TOKEN + DONE + TOKEN), usage)) == [TOKEN + DONE]
    assert usage.tokens_streamed == 1


def test_done_reaches_the_client_before_the_end_of_the_connection_is_waited_for() -> None:
    reader = PausedReader(DONE, SILENCE)

    assert next(iter(event_stream(reader, Usage()))) == DONE
    assert reader.steps == [SILENCE]


class Dripping(BackgroundReader):
    """One byte at a time, never silent."""

    def __init__(self, whole: bytes, seconds: float) -> None:
        self.bytes = list(whole)
        self.seconds = seconds

    def get(self, timeout: float) -> bytes | None:
        del timeout
        time.sleep(self.seconds)
        return bytes([self.bytes.pop(0)]) if self.bytes else None

    def close(self) -> None:
        self.bytes.clear()


def test_an_event_that_comes_in_pieces_is_silence_towards_the_client() -> None:
    relay = relay_of(Dripping(TOKEN + FINISH, 0.01), Usage(), heartbeat_seconds=0.05)

    chunks = read(EventStream(relay, Ends().append, include_usage=False))

    assert chunks.count(b": ping\n\n") >= 3
    assert [chunk for chunk in chunks if chunk != b": ping\n\n"] == [TOKEN, FINISH]


def test_the_deadline_ends_an_event_that_comes_in_pieces() -> None:
    relay = Relay(
        TimedReader(Dripping(b": " + b"x" * 100_000, 0.001), 60, time.monotonic() + 0.3),
        60,
        CompletionWatch(Usage(), explain),
    )

    with pytest.raises(DeadlineError):
        relay.wait(60)
