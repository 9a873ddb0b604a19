"""Whatever is asked, what goes upstream is JSON that every parser reads alike, and no longer than it may be."""

import json
from typing import NoReturn

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.errors import InvalidRequestError
from chat.request.completion_request import CompletionRequest
from chat.settings import Settings

ALLOWED = Settings(
    api_key_parameter="/key",
    models=("small",),
    max_input_chars=100,
    max_messages=3,
    max_attachment_bytes=100,
    extra_parameters=("anything", "n"),
)
# 100 characters of up to 6 bytes as JSON writes them, the shape of three messages with parts, and 20 numbers.
MOST_BYTES = 100 * 6 + 3_000

LONG = "x" * 10_000
texts = st.text(st.characters(codec=None), max_size=5) | st.sampled_from(
    [LONG, "\ud800", "\u0000", "data:,", "data:" + "日" * 999]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just([0] * 10_000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
part = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "image_url", "refusal", "file", "input_audio"])},
    optional={
        "text": texts,
        "refusal": texts,
        "image_url": st.fixed_dictionaries({"url": texts}, optional={"detail": texts, "more": values}),
        "file": st.fixed_dictionaries({"file_data": texts}, optional={"filename": texts, "file_id": texts}),
        "input_audio": st.fixed_dictionaries({"data": texts, "format": texts}),
        "prompt_cache_breakpoint": values,
        "more": values,
    },
)
message = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "tool"]), "content": texts | st.lists(part, max_size=2)},
    optional=dict.fromkeys(
        ("name", "tool_calls", "function_call", "refusal", "audio", "tool_call_id", "annotations", "more"), values
    ),
)
request = st.fixed_dictionaries(
    {"messages": st.lists(message, min_size=1, max_size=3)},
    optional=dict.fromkeys(
        ("tools", "stop", "seed", "user", "metadata", "response_format", "n", "stream", "stream_options", "anything"),
        values,
    ),
)


def no_json(name: str) -> NoReturn:
    raise AssertionError(name)


@settings(max_examples=200, deadline=None, database=None)
@given(request)
def test_what_goes_upstream_is_valid_and_bounded(asked: dict[str, object]) -> None:
    try:
        sent = CompletionRequest.from_chat(json.dumps(asked).encode(), ALLOWED).body
    except InvalidRequestError as error:
        assert error.status in {400, 413}  # noqa: PT017  # what was refused is right too
        return
    assert len(sent) <= MOST_BYTES
    payload = json.loads(sent.decode(), parse_constant=no_json)
    assert [each["role"] for each in payload["messages"]] == [each["role"] for each in asked["messages"]]  # type: ignore[attr-defined]  # a list of messages
