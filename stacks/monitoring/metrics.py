"""The metrics that dashboard and alarms look at: Lambda's, and the function's own (lambda_src/chat/record.py)."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from contracts import names

PERIOD = Duration.minutes(5)


@dataclass(frozen=True)
class ChatMetrics:
    """Metrics of one deployment."""

    stage: str
    function: lambda_.IFunction

    def own(self, name: str, statistic: str = "Sum", label: str | None = None) -> cloudwatch.Metric:
        """Return one of the metrics that the function writes into its log."""
        return cloudwatch.Metric(
            namespace=names.metrics_namespace(self.stage),
            metric_name=name,
            dimensions_map={"service": names.METRICS_SERVICE},
            statistic=statistic,
            period=PERIOD,
            label=label or name,
        )

    def requests(self) -> cloudwatch.Metric:
        """Requests answered, errors and all."""
        return self.own("Requests", label="requests")

    def errors(self) -> cloudwatch.Metric:
        """Requests answered with an error, whoever's fault it is."""
        return self.own("Errors", label="errors")

    def faults(self) -> cloudwatch.Metric:
        """Requests that failed by no fault of the caller: of this deployment, its key, or the model's API."""
        return self.own("Faults", label="faults")

    def first_token(self, statistic: str) -> cloudwatch.Metric:
        """Milliseconds until an answer begins."""
        return self.own("FirstToken", statistic, statistic)

    def duration(self, statistic: str) -> cloudwatch.Metric:
        """Milliseconds until an answer ends."""
        return self.own("Duration", statistic, f"whole answer {statistic}")

    def tokens_in(self) -> cloudwatch.Metric:
        """Tokens of prompts."""
        return self.own("TokensIn", label="tokens in")

    def tokens_out(self) -> cloudwatch.Metric:
        """Tokens of answers."""
        return self.own("TokensOut", label="tokens out")

    def invocations(self) -> cloudwatch.Metric:
        """Lambda's count of invocations."""
        return self.function.metric_invocations(period=PERIOD, label="invocations")

    def crashes(self) -> cloudwatch.Metric:
        """Invocations that Lambda calls failed: a crash, a timeout, an error in mid-answer."""
        return self.function.metric_errors(period=PERIOD, label="failed invocations")

    def throttles(self) -> cloudwatch.Metric:
        """Invocations that Lambda turned away."""
        return self.function.metric_throttles(period=PERIOD, label="throttles")

    def concurrency(self) -> cloudwatch.Metric:
        """Answers at the same time."""
        return self.function.metric(
            "ConcurrentExecutions", statistic="Maximum", period=PERIOD, label="at the same time"
        )
