"""An alarm on what costs: the tokens of a day, in and out, of all people together."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from contracts import names


class TokenAlarm(Construct):
    """Goes off when a day's tokens reach a number; who is told of it is for others to say."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: str, tokens: int) -> None:
        super().__init__(scope, construct_id)
        metrics = {
            name: cloudwatch.Metric(
                namespace=names.metrics_namespace(stage),
                metric_name=metric,
                dimensions_map={"service": names.METRICS_SERVICE},
                statistic="Sum",
                period=Duration.days(1),
            )
            for name, metric in (("sent", "TokensIn"), ("answered", "TokensOut"))
        }
        self.alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_description=f"{tokens:,} tokens or more have been used within a day",
            metric=cloudwatch.MathExpression(
                expression="FILL(sent, 0) + FILL(answered, 0)", using_metrics=metrics, period=Duration.days(1)
            ),
            threshold=tokens,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
