"""Starts ministack with what it lacks of Lambda and of TLS put right. Runs in ministack's own virtual environment."""

import contextvars
from pathlib import Path

from ministack.core import iam_evaluator, lambda_runtime

ROOT = Path(__file__).resolve().parent.parent

# Runs before ministack's own worker for Python, in each process that it starts for a function.
_FIRST = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from rehearsal.worker import become_lambda
become_lambda()
sys.path.remove({str(ROOT)!r})
"""


def answer_as_if_over_tls() -> None:
    """Let `aws:SecureTransport` be true: the bucket's policy rightly demands TLS, and loopback has none."""
    origin = contextvars.ContextVar("origin", default=("127.0.0.1", True))
    iam_evaluator._request_origin = origin  # noqa: SLF001  # it has no setting for this
    iam_evaluator.pin_request_origin = lambda source_ip, _secure_transport: origin.set((source_ip, True))


def start_functions_as_lambda_does() -> None:
    """Let a function's own bootstrap run, and what it finds on Lambda's disk be there."""
    lambda_runtime._PYTHON_WORKER_SCRIPT = _FIRST + lambda_runtime._PYTHON_WORKER_SCRIPT  # noqa: SLF001  # same


if __name__ == "__main__":
    answer_as_if_over_tls()
    start_functions_as_lambda_does()
    from ministack.app import main  # binds the names above when it is imported

    main()
