"""What a person looks at when something is wrong, or to see that nothing is: a dashboard, alarms, saved queries.

It costs nothing within CloudWatch's free tier (3 dashboards, 10 alarm metrics, 10 metrics of one's own in an account);
beyond that about 3 dollars a month for the dashboard and 10 cents for each metric that an alarm looks at.
"""

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from contracts import names
from stacks.monitoring.alarms import Alarms
from stacks.monitoring.metrics import PERIOD, ChatMetrics
from stacks.naming import account_wide_name
from stacks.settings import Settings

_ANSWERED = 'filter message = "request"'
_BY_CODE = [_ANSWERED, "filter ispresent(error_code)", "stats count(*) as requests by error_code, status"]
_QUERIES = {
    "slowest chats": [
        "fields @timestamp, first_token_ms, duration_ms, model, tokens_in, tokens_out, finish_reason, request_id",
        _ANSWERED,
        "filter ispresent(first_token_ms)",
        "sort first_token_ms desc",
        "limit 50",
    ],
    "errors by code": [*_BY_CODE, "sort requests desc"],
    "tokens by person": [
        _ANSWERED,
        "stats count(*) as requests, sum(tokens_in) as sent, sum(tokens_out) as answered by subject",
        "sort answered desc",
        "limit 100",
    ],
}
_WIDTH = 24
_HEIGHT = 6


class Monitoring(Construct):
    """A dashboard, alarms and saved queries."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        function: lambda_.Function,
        log_group: logs.LogGroup,
    ) -> None:
        super().__init__(scope, construct_id)
        self._metrics = ChatMetrics(settings.stage, function)
        self.alarms = Alarms(self, "Alarms", settings=settings, metrics=self._metrics)
        dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=account_wide_name(self, settings, "dashboard"),
            widgets=self._rows(settings, log_group),
        )
        self.dashboard_url = (
            f"https://{Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region={Aws.REGION}"
            f"#dashboards:name={dashboard.dashboard_name}"
        )
        for name, lines in _QUERIES.items():
            logs.CfnQueryDefinition(
                self,
                "".join(word.capitalize() for word in name.split()),
                name=f"{names.stack_name(settings.stage)}/{name}",
                log_group_names=[log_group.log_group_name],
                query_string="\n| ".join(lines),
            )

    def _rows(self, settings: Settings, log_group: logs.LogGroup) -> list[list[cloudwatch.IWidget]]:
        metrics = self._metrics
        tokens = [metrics.tokens_in(), metrics.tokens_out()]
        spent: cloudwatch.IWidget = _graph("Tokens", *tokens)
        if settings.price_input_tokens is not None or settings.price_output_tokens is not None:
            spent = _graph("Tokens, and what they cost in dollars", *tokens, right=[_cost(settings, metrics)])
        return [
            [
                _graph("Requests", metrics.requests(), metrics.errors(), metrics.faults()),
                _graph("Time to first token (ms)", *(metrics.first_token(one) for one in ("p50", "p90", "p99"))),
                spent,
            ],
            [
                _graph("Whole answers (ms)", metrics.duration("p50"), metrics.duration("p90")),
                _graph("At the same time", metrics.concurrency()),
                _graph("Turned away or failed", metrics.throttles(), metrics.crashes()),
            ],
            [
                # From the log: a metric for every code would cost by the month, whether or not anybody looks.
                cloudwatch.LogQueryWidget(
                    title="Errors by code",
                    log_group_names=[log_group.log_group_name],
                    query_lines=[*_BY_CODE, "sort requests desc"],
                    width=_WIDTH,
                    height=_HEIGHT,
                )
            ],
        ]


def _graph(
    title: str, *left: cloudwatch.IMetric, right: list[cloudwatch.IMetric] | None = None
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(left),
        right=right or [],
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        right_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=_WIDTH // 3,
        height=_HEIGHT,
    )


def _cost(settings: Settings, metrics: ChatMetrics) -> cloudwatch.IMetric:
    per_input, per_output = settings.price_input_tokens or 0, settings.price_output_tokens or 0
    return cloudwatch.MathExpression(
        expression=f"(FILL(sent, 0) * {per_input:g} + FILL(answered, 0) * {per_output:g}) / 1000000",
        using_metrics={"sent": metrics.tokens_in(), "answered": metrics.tokens_out()},
        period=PERIOD,
        label="dollars",
    )
