import base64
import json

import pytest

from local.decoding import (
    MAX_PRELUDE_BYTES,
    SEPARATOR,
    DocumentDecoder,
    Head,
    MalformedAnswerError,
    PlainDecoder,
    PreludeDecoder,
    decoder,
)

PRELUDE = {"statusCode": 201, "headers": {"Content-Type": "text/event-stream"}, "cookies": ["a=1; HttpOnly", "b=2"]}
STREAM = json.dumps(PRELUDE).encode() + SEPARATOR + b"data: 1\n\n"
HEAD = Head(201, [("content-type", "text/event-stream"), ("set-cookie", "a=1; HttpOnly"), ("set-cookie", "b=2")])


@pytest.mark.parametrize("border", range(len(STREAM) + 1))
def test_the_prelude_ends_wherever_the_border_between_two_chunks_falls(border: int) -> None:
    chunks = PreludeDecoder()

    found = chunks.feed(STREAM[:border])
    head, body = found or chunks.feed(STREAM[border:]) or (None, b"")

    assert head == HEAD
    assert body + (STREAM[border:] if found else b"") == b"data: 1\n\n"


def test_the_prelude_may_come_byte_by_byte() -> None:
    chunks = PreludeDecoder()
    end = STREAM.index(SEPARATOR) + len(SEPARATOR)

    found = [chunks.feed(STREAM[index : index + 1]) for index in range(end)]

    assert found == [None] * (end - 1) + [(HEAD, b"")]


def test_a_body_may_hold_the_separator_again() -> None:
    assert PreludeDecoder().feed(b"{}" + SEPARATOR + b"a" + SEPARATOR) == (
        Head(200, [("content-type", "application/octet-stream")]),
        b"a" + SEPARATOR,
    )


@pytest.mark.parametrize(
    "prelude",
    [
        b"",
        b"not json",
        b"[]",
        b'{"statusCode": "200"}',
        b'{"statusCode": 99}',
        b'{"headers": []}',
        b'{"cookies": "a=1"}',
    ],
)
def test_a_prelude_that_makes_no_head_is_refused(prelude: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        PreludeDecoder().feed(prelude + SEPARATOR)


def test_a_prelude_without_an_end_is_refused() -> None:
    with pytest.raises(MalformedAnswerError):
        PreludeDecoder().feed(b" " * (MAX_PRELUDE_BYTES + 1))


def test_an_answer_that_ends_within_its_prelude_is_refused() -> None:
    chunks = PreludeDecoder()
    chunks.feed(STREAM[:20])

    with pytest.raises(MalformedAnswerError):
        chunks.finish()


def test_headers_that_belong_to_the_connection_are_not_the_functions_to_set() -> None:
    headers = {"Content-Length": 3, "Transfer-Encoding": "gzip", "Connection": "close", "X-Count": 3}

    found = PreludeDecoder().feed(json.dumps({"headers": headers}).encode() + SEPARATOR)

    assert found == (Head(200, [("content-type", "application/octet-stream"), ("x-count", "3")]), b"")


@pytest.mark.parametrize(
    ("document", "status", "body"),
    [
        ({"statusCode": 404, "body": "não"}, 404, "não".encode()),
        ({"statusCode": 200}, 200, b""),
        (
            {"statusCode": 200, "body": base64.b64encode(b"\x00\xff").decode(), "isBase64Encoded": True},
            200,
            b"\x00\xff",
        ),
        ({"answer": 42}, 200, b'{"answer": 42}'),
        ("text", 200, b'"text"'),
    ],
)
def test_a_buffered_answer_is_payload_format_2(document: object, status: int, body: bytes) -> None:
    whole = DocumentDecoder()
    for byte in json.dumps(document).encode():
        whole.feed(bytes([byte]))

    assert whole.finish() == (Head(status, [("content-type", "application/json")]), body)


@pytest.mark.parametrize(
    "document",
    [
        b"{",
        b'{"statusCode": 200, "body": {"a": 1}}',
        b'{"statusCode": 200, "body": "%", "isBase64Encoded": true}',
        b'{"statusCode": "ok"}',
    ],
)
def test_a_buffered_answer_that_makes_no_response_is_refused(document: bytes) -> None:
    whole = DocumentDecoder()
    whole.feed(document)

    with pytest.raises(MalformedAnswerError):
        whole.finish()


def test_the_posts_headers_choose_the_decoder() -> None:
    assert isinstance(decoder("application/json", streaming=False), DocumentDecoder)
    assert isinstance(decoder("application/vnd.awslambda.http-integration-response", streaming=True), PreludeDecoder)
    assert isinstance(plain := decoder("text/csv", streaming=True), PlainDecoder)
    assert plain.feed(b"a,b") == (Head(200, [("content-type", "text/csv")]), b"a,b")
    assert decoder("", streaming=True).finish() == (Head(200, [("content-type", "application/octet-stream")]), b"")
