"""What is known of a request afterwards: one structured log line and the same as metrics; never any content."""

import os
import time
from dataclasses import dataclass, field

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from chat.auth.subject import ANONYMOUS
from chat.errors import ApiError
from chat.log import logger

_NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "LambdaStreamChat")


@dataclass(slots=True)
class RequestRecord:
    """One request's figures, filled in while it is served.

    Attributes:
        request_id: Lambda's.
        route: Method and path, or `unknown`.
        subject: A hash of who asked.
        status: HTTP status sent.
        model: The model asked for, once it is known to be allowed.
        first_token_ms: From the start to the first piece of the answer.
        tokens_streamed: About how many tokens of the answer have come, guessed high; not logged.
        tokens_in: Prompt tokens as counted upstream.
        tokens_out: Completion tokens as counted upstream.
        finish_reason: Upstream's.
        error_code: The code of the error told to the client, if one was.
        is_fault: Whether that error is not the caller's; not logged.
    """

    request_id: str
    route: str = "unknown"
    subject: str = ANONYMOUS
    status: int = 0
    model: str | None = None
    first_token_ms: float | None = None
    tokens_streamed: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    finish_reason: str | None = None
    error_code: str | None = None
    is_fault: bool = False
    _started: float = field(default_factory=time.perf_counter)

    def saw_content(self, tokens: int) -> None:
        """Note that a piece of the answer has come.

        Args:
            tokens: About how many it has.
        """
        if self.first_token_ms is None:
            self.first_token_ms = self._elapsed_ms()
        self.tokens_streamed += tokens

    def saw_error(self, error: ApiError) -> None:
        """Note the error that is told to the client."""
        self.error_code, self.is_fault = error.code, error.is_fault

    def saw_usage(self, usage: object) -> None:
        """Note the token counts of a completion's `usage`, if it is one."""
        match usage:
            case {"prompt_tokens": int(tokens_in), "completion_tokens": int(tokens_out)}:
                self.tokens_in, self.tokens_out = tokens_in, tokens_out

    def write(self) -> None:
        """Write the log line and the metrics."""
        figures = {
            "request_id": self.request_id,
            "route": self.route,
            "subject": self.subject,
            "status": self.status,
            "model": self.model,
            "first_token_ms": self.first_token_ms,
            "duration_ms": self._elapsed_ms(),
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "finish_reason": self.finish_reason,
            "error_code": self.error_code,
        }
        known = {name: value for name, value in figures.items() if value is not None}
        logger.info("request", extra=known)
        self._write_metrics(known)

    def _write_metrics(self, known: dict[str, object]) -> None:
        metrics = EphemeralMetrics(namespace=_NAMESPACE)
        metrics.add_metric("Requests", MetricUnit.Count, 1)
        metrics.add_metric("Errors", MetricUnit.Count, int(self.error_code is not None))
        metrics.add_metric("Faults", MetricUnit.Count, int(self.is_fault))
        for name, unit, value in (
            ("FirstToken", MetricUnit.Milliseconds, self.first_token_ms),
            ("Duration", MetricUnit.Milliseconds, known["duration_ms"]),
            ("TokensIn", MetricUnit.Count, self.tokens_in),
            ("TokensOut", MetricUnit.Count, self.tokens_out),
        ):
            if isinstance(value, int | float):
                metrics.add_metric(name, unit, value)
        for name, value in known.items():
            metrics.add_metadata(name, value)
        metrics.flush_metrics()

    def _elapsed_ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 1)
