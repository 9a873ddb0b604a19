"""What is known of a request afterwards: one structured log line and the same as metrics; never any content."""

import os
import time
from dataclasses import dataclass, field

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from chat.errors import ApiError
from chat.log import logger
from chat.usage import Usage

_NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "LambdaStreamChat")
_UNKNOWN = "unknown"


@dataclass(slots=True)
class RequestRecord:
    """One request's figures, filled in while it is served.

    Attributes:
        request_id: Lambda's.
        route: Method and path, or `unknown`.
        subject: A hash of who asked, or `unknown`.
        status: HTTP status sent.
        model: The model asked for, once it is known to be allowed.
        usage: What it used.
        error: The error that the client got, if one.
    """

    request_id: str
    route: str = _UNKNOWN
    subject: str = _UNKNOWN
    status: int = 0
    model: str | None = None
    usage: Usage = field(default_factory=Usage)
    error: ApiError | None = None
    _started: float = field(default_factory=time.perf_counter)

    def write(self) -> None:
        """Write the log line and the metrics."""
        usage, error = self.usage, self.error
        figures = {
            "request_id": self.request_id,
            "route": self.route,
            "subject": self.subject,
            "status": self.status,
            "model": self.model,
            "first_token_ms": None if usage.first_token_at is None else self._milliseconds(usage.first_token_at),
            "duration_ms": self._milliseconds(time.perf_counter()),
            "tokens_in": usage.tokens_in,
            "tokens_out": usage.tokens_out,
            "finish_reason": usage.finish_reason,
            "error_code": error and error.code,
            "reason": error and error.reason,
        }
        known = {name: value for name, value in figures.items() if value is not None}
        logger.info("request", extra=known)
        self._write_metrics(known)

    def _write_metrics(self, known: dict[str, object]) -> None:
        metrics = EphemeralMetrics(namespace=_NAMESPACE)
        metrics.add_metric("Requests", MetricUnit.Count, 1)
        metrics.add_metric("Errors", MetricUnit.Count, int(self.error is not None))
        metrics.add_metric("Faults", MetricUnit.Count, int(self.error is not None and self.error.is_fault))
        for name, unit, figure in (
            ("FirstToken", MetricUnit.Milliseconds, "first_token_ms"),
            ("Duration", MetricUnit.Milliseconds, "duration_ms"),
            ("TokensIn", MetricUnit.Count, "tokens_in"),
            ("TokensOut", MetricUnit.Count, "tokens_out"),
        ):
            if isinstance(value := known.get(figure), int | float):
                metrics.add_metric(name, unit, value)
        for name, value in known.items():
            metrics.add_metadata(name, value)
        metrics.flush_metrics()

    def _milliseconds(self, at: float) -> float:
        return round((at - self._started) * 1000, 1)
