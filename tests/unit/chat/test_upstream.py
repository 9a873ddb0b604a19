"""Both ways to the model's service, streamed and not: the same request, the same errors, the same reasons."""

import gzip
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509

from chat.errors import (
    ApiError,
    UpstreamIncompleteError,
    UpstreamMalformedError,
    UpstreamTimeoutError,
    UpstreamUnreachableError,
)
from chat.http1.pool import Pool
from chat.model.api_key import ApiKey
from chat.model.openai_client import OpenAIClient
from chat.model.transport import MAX_ANSWER_BYTES
from chat.model.upstream import Upstream
from chat.model.upstreams.compatible import Compatible
from tests.support.certificates import certificate
from tests.support.raw_upstream import Cut, Gate, Pause, RawUpstream, Step, answer, chunked, streamed, token
from tests.support.secrets import secret

KEY, ROTATED = secret("sk-upstream-key"), secret("sk-upstream-rotated-key")
BODY = '{"model":"small",  "messages":[{"content":"日本"}]}'.encode()
COMPLETION = {"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}

Open = Callable[..., Upstream]


class Key(ApiKey):
    """A key that need not be fetched."""

    def __init__(self, *keys: str) -> None:
        super().__init__("/key")
        self._keys = list(keys)

    def _fetch(self) -> str:
        return self._keys.pop(0) if len(self._keys) > 1 else self._keys[0]


@pytest.fixture(scope="module")
def server() -> Iterator[RawUpstream]:
    with RawUpstream() as upstream:
        yield upstream


@pytest.fixture
def raw(server: RawUpstream) -> RawUpstream:
    server.reset()
    return server


@pytest.fixture(params=[True, False], ids=["streamed", "not streamed"])
def upstream(request: pytest.FixtureRequest) -> Iterator[Open]:
    pools: list[Pool] = []

    def make(url: str, *keys: str, seconds: float = 20) -> Upstream:
        service = Compatible(url, Key(*keys or (KEY,)))
        if not request.param:
            client = OpenAIClient(url, 5, seconds)
            return Upstream(service, lambda: client, seconds, streamed=False)
        pools.append(pool := Pool(url, 5))
        return Upstream(service, lambda: pool, seconds, streamed=True)

    yield make
    for pool in pools:
        pool.forget()


def read(source: object) -> bytes:
    body = b""
    while (piece := source.read(20)) is not None:  # type: ignore[attr-defined]
        body += piece
    return body


def test_the_request_is_the_same(raw: RawUpstream, upstream: Open) -> None:
    raw.script = answer(200, COMPLETION)

    assert json.loads(read(upstream(raw.url).open(BODY))) == COMPLETION

    (request,) = raw.requests
    sent = {name: value for name, value in request.headers.items() if name not in {"host", "connection"}}
    assert sent == {
        "authorization": f"Bearer {KEY}",
        "content-type": "application/json",
        "content-length": str(len(BODY)),
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "lambda-stream-chat",
    }
    assert request.raw == BODY


def test_the_query_of_the_base_url_is_kept(raw: RawUpstream, upstream: Open) -> None:
    raw.script = answer(200, COMPLETION)

    read(upstream(f"{raw.url}/deployments/a%20b/?api-version=2024-10-21&x=1").open(BODY))

    assert raw.requests[0].path == "/v1/deployments/a%20b/chat/completions?api-version=2024-10-21&x=1"


def test_a_rotated_key_is_read_again_once(raw: RawUpstream, upstream: Open) -> None:
    raw.scripts = [answer(401, {}), answer(200, COMPLETION)]

    read(upstream(raw.url, KEY, ROTATED).open(BODY))

    assert [request.headers["authorization"] for request in raw.requests] == [f"Bearer {KEY}", f"Bearer {ROTATED}"]
    assert raw.requests[1].raw == BODY


def test_a_key_that_is_refused_and_not_rotated_is_not_sent_again(raw: RawUpstream, upstream: Open) -> None:
    raw.script = answer(401, {})

    with pytest.raises(ApiError) as refused:
        upstream(raw.url).open(BODY)

    assert (refused.value.code, len(raw.requests)) == ("upstream_key_refused", 1)


def test_what_upstream_tells_in_headers_comes_with_answers_and_refusals(raw: RawUpstream, upstream: Open) -> None:
    headers = {"x-request-id": "req_1", "x-ratelimit-remaining-tokens": "5"}
    told = {"x-upstream-request-id": "req_1", "x-upstream-ratelimit-remaining-tokens": "5"}
    raw.scripts = [answer(200, COMPLETION, headers), answer(429, {}, {**headers, "retry-after": "2"})]
    opened = upstream(raw.url)

    source = opened.open(BODY)
    assert source.headers == told
    read(source)
    with pytest.raises(ApiError) as refused:
        opened.open(BODY)
    assert refused.value.headers == {**told, "retry-after": "2"}


def test_no_redirect_is_followed(raw: RawUpstream, upstream: Open) -> None:
    raw.script = answer(307, {}, {"location": f"{raw.url}/elsewhere"})

    with pytest.raises(ApiError, match="status 307") as refused:
        upstream(raw.url).open(BODY)

    assert (refused.value.status, len(raw.requests)) == (502, 1)


@pytest.mark.parametrize("status", [200, 400])
def test_a_compressed_answer_is_not_unpacked(raw: RawUpstream, upstream: Open, status: int) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    head = b"HTTP/1.1 %d X\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % (status, len(bomb))
    raw.script = (head + bomb,)

    with pytest.raises(ApiError) as refused:
        upstream(raw.url).open(BODY)

    assert refused.value.code == ("upstream_malformed" if status == 200 else "upstream_refused")


@pytest.mark.parametrize("message", [b'{"error": "no"', b"no"])
def test_the_reason_of_a_refusal_arrives_though_the_rest_of_it_does_not(
    raw: RawUpstream, upstream: Open, message: bytes
) -> None:
    raw.script = (b"HTTP/1.1 400 X\r\ncontent-length: 1000\r\n\r\n" + message,)

    with pytest.raises(ApiError) as refused:
        upstream(raw.url).open(BODY)

    assert (refused.value.status, refused.value.message) == (400, message.decode())


def test_a_refusal_without_end_is_cut(raw: RawUpstream, upstream: Open) -> None:
    head = b"HTTP/1.1 400 X\r\nconnection: close\r\n\r\n"
    raw.script = (head, *[b"x" * 1_000_000] * (2 + MAX_ANSWER_BYTES // 1_000_000))

    with pytest.raises(ApiError) as refused:
        upstream(raw.url).open(BODY)

    assert refused.value.message == "x" * 999 + "…"


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_an_error_with_status_200_is_a_refusal(raw: RawUpstream, upstream: Open, content_type: str) -> None:
    raw.script = answer(200, {"error": {"message": "Slow down", "code": 429}}, {"content-type": content_type})

    with pytest.raises(ApiError, match="Slow down") as refused:
        upstream(raw.url).open(BODY)

    assert (refused.value.status, refused.value.code) == (429, "rate_limit_exceeded")


def test_an_answer_without_end_is_refused(raw: RawUpstream, upstream: Open) -> None:
    head = b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"
    raw.script = (head, *[b" " * 1_000_000] * (2 + MAX_ANSWER_BYTES // 1_000_000))

    with pytest.raises(UpstreamMalformedError, match="more than an answer may have"):
        upstream(raw.url).open(BODY)


@pytest.mark.parametrize(
    "script",
    [
        (b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{}",),
        (b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\nx\r\n",),
    ],
    ids=["cut", "not HTTP"],
)
def test_an_answer_that_breaks_off_says_why_in_the_log(
    raw: RawUpstream, upstream: Open, script: tuple[Step, ...]
) -> None:
    raw.script = script

    with pytest.raises(UpstreamIncompleteError) as broken:
        read(upstream(raw.url).open(BODY))

    assert str(broken.value.reason).startswith("protocol: ")


def test_silence_is_ended(raw: RawUpstream, upstream: Open) -> None:
    raw.script = (gate := Gate(),)

    with pytest.raises(UpstreamTimeoutError) as silent:
        upstream(raw.url, seconds=0.2).open(BODY)

    gate.open()
    assert silent.value.reason == "no answer in time"


def test_an_answer_that_never_ends_is_ended(raw: RawUpstream, upstream: Open) -> None:
    head = b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"
    dripped: list[Step] = [b" ", Pause(0.05)]
    raw.script = (head, *dripped * 400)

    with pytest.raises(UpstreamTimeoutError):
        upstream(raw.url, seconds=0.5).open(BODY)

    assert raw.hung_up.wait(10)


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:9/v1", "connection refused"), ("http://nothing.invalid/v1", "dns: ")],
)
def test_why_upstream_cannot_be_reached_is_for_the_log(upstream: Open, url: str, reason: str) -> None:
    with pytest.raises(UpstreamUnreachableError) as refused:
        upstream(url).open(BODY)

    assert str(refused.value.reason).startswith(reason)
    assert reason not in refused.value.message


def test_a_request_without_an_answer_is_sent_once(raw: RawUpstream, upstream: Open) -> None:
    raw.script = (Cut,)

    with pytest.raises(UpstreamUnreachableError) as refused:
        upstream(raw.url).open(BODY)

    assert str(refused.value.reason).startswith("protocol: ")
    assert len(raw.requests) == 1


def test_what_nobody_waits_for_is_not_asked(raw: RawUpstream, upstream: Open) -> None:
    with pytest.raises(UpstreamIncompleteError):
        upstream(raw.url).open(BODY, "/chat/completions", lambda: False)

    assert raw.requests == []


def test_a_certificate_that_is_not_trusted_is_named_as_the_reason(upstream: Open, tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))))

    def shake_hands() -> None:
        plain, _ = listener.accept()
        with plain, suppress(OSError):
            context.wrap_socket(plain, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=shake_hands)
        thread.start()
        with pytest.raises(UpstreamUnreachableError) as refused:
            upstream(f"https://127.0.0.1:{listener.getsockname()[1]}/v1").open(BODY)
        thread.join(10)

    assert refused.value.reason == "certificate: self-signed certificate"


def test_in_band_errors_are_explained(raw: RawUpstream, upstream: Open) -> None:
    raw.script = answer(200, COMPLETION)
    opened = upstream(raw.url)
    read(opened.open(BODY))

    error = opened.explain({"message": f"Overloaded, {KEY}", "code": "overloaded"})

    assert (error.message, error.code, error.reason) == (
        "Overloaded, (key removed)",
        "overloaded",
        "in-band overloaded",
    )


class TestStreamed:
    """What only streamed answers can do."""

    @pytest.fixture
    def opened(self, raw: RawUpstream) -> Iterator[Upstream]:
        pool = Pool(raw.url, 5)
        yield Upstream(Compatible(raw.url, Key(KEY)), lambda: pool, 20, streamed=True)
        pool.forget()

    def test_bytes_come_as_they_come(self, raw: RawUpstream, opened: Upstream) -> None:
        raw.script = streamed(token("one"), gate := Gate(), token("two"))

        source = opened.open(BODY)

        assert source.read(10) == token("one")
        with pytest.raises(TimeoutError):
            source.read(0.01)
        gate.open()
        assert read(source) == token("two")

    def test_events_that_are_called_json_are_streamed_all_the_same(self, raw: RawUpstream, opened: Upstream) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
        raw.script = (head, token("one"), gate := Gate(), token("two"))

        source = opened.open(BODY)

        assert source.read(10) == token("one")
        gate.open()
        assert read(source) == token("two")

    def test_leaving_hangs_up(self, raw: RawUpstream, opened: Upstream) -> None:
        raw.script = chunked(token("one"), Pause(20))
        source = opened.open(BODY)

        source.close()

        assert raw.hung_up.wait(10)
