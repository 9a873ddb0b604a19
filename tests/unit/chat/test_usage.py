"""What is believed of the token counts that upstream gives."""

import pytest

from chat.usage import Usage, tokens_of_bytes


def test_upstreams_counts_are_the_total() -> None:
    usage = Usage()
    usage.saw_usage({"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 99})

    assert (usage.tokens_in, usage.tokens_out, usage.total) == (7, 3, 10)


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        [],
        {"prompt_tokens": 7},
        {"prompt_tokens": -1_000, "completion_tokens": 3},
        {"prompt_tokens": 7, "completion_tokens": -3},
        {"prompt_tokens": 10**30, "completion_tokens": 3},
        {"prompt_tokens": True, "completion_tokens": False},
        {"prompt_tokens": 7.0, "completion_tokens": "3"},
    ],
)
def test_a_count_that_cannot_be_is_ignored(said: object) -> None:
    usage = Usage()
    usage.saw_usage(said)

    assert (usage.tokens_in, usage.tokens_out, usage.total) == (None, None, None)


def test_a_count_does_not_go_below_what_was_relayed() -> None:
    usage = Usage()
    usage.saw_content(tokens_of_bytes(48_000))
    usage.saw_usage({"prompt_tokens": 7, "completion_tokens": 0})

    assert usage.total == 7 + 2_000
    assert usage.tokens_out == 0  # the log says what upstream said


def test_a_finish_reason_is_bounded() -> None:
    usage = Usage()
    usage.saw_finish("x" * 60_000)

    assert usage.finish_reason == "x" * 32
