"""SnapStart through a real process: its runtime takes part in a snapshot and a restore, which local does in no time."""

from collections.abc import Callable
from contextlib import ExitStack

from tests.integration.conftest import Function


def test_a_restored_function_answers(start_function: Callable[..., Function]) -> None:
    with ExitStack() as stack:
        function = start_function(stack, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start")

        assert function.chat().status == 200
        assert function.chat().status == 200

        assert len(function.pids) == 1
