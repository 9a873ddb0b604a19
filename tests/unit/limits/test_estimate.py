import pytest

from chat.limits.estimate import Estimate


def estimate(text: str, **parameters: object) -> Estimate:
    return Estimate.of({"messages": [{"role": "user", "content": text}], **parameters})


@pytest.mark.parametrize(
    ("text", "tokens"),  # as OpenAI's o200k counts them
    [("The quick brown fox jumps over the lazy dog. " * 10, 101), ("吾輩は猫である。名前はまだ無い。" * 10, 121)],
)
def test_the_input_is_guessed_high(text: str, tokens: int) -> None:
    assert tokens <= estimate(text).tokens_in <= 2.5 * tokens


def test_the_output_is_the_most_that_may_come() -> None:
    assert estimate("", max_tokens=5).tokens_out == 5
    assert estimate("", max_completion_tokens=7, max_tokens=5).tokens_out == 7
    assert estimate("", max_tokens=5, n=3).tokens_out == 15


def test_tools_count_as_input() -> None:
    assert estimate("", tools=["x" * 300]).tokens_in >= estimate("").tokens_in + 100
