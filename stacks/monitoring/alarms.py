"""Alarms on what a person should look at, and the topic that tells them."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.monitoring.metrics import ChatMetrics
from stacks.settings import Settings

_PERIOD = Duration.minutes(5)
_FEWEST_REQUESTS = 10  # a share of fewer than this says nothing


class Alarms(Construct):
    """Error rate, first token, throttles; docs/operations.md says what to do. `topic` tells of their ends too."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings, metrics: ChatMetrics) -> None:
        super().__init__(scope, construct_id)
        # Not encrypted with a key: CloudWatch cannot publish through aws/sns, and a key of one's own costs a dollar a
        # month to hide the name of an alarm. SNS encrypts its disks in any case.
        self.topic = sns.Topic(self, "Topic", display_name=f"lambda-stream-chat {settings.stage}", enforce_ssl=True)
        # The policy that enforces TLS replaces SNS's own, which let the account's alarms publish.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        if settings.alarm_email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
        self._alarm(
            "Errors",
            f"{settings.alarm_error_percent} % or more of the requests fail, by no fault of the caller",
            cloudwatch.MathExpression(
                expression=(
                    f"IF(requests >= {_FEWEST_REQUESTS}, 100 * MAX([FILL(faults, 0), FILL(crashes, 0)]) / requests, 0)"
                ),
                using_metrics={
                    "requests": metrics.invocations(),
                    "faults": metrics.faults(),
                    "crashes": metrics.crashes(),
                },
                period=_PERIOD,
                label="errors in percent",
            ),
            settings.alarm_error_percent,
            of_periods=3,
        )
        self._alarm(
            "FirstToken",
            f"A tenth of the answers take more than {settings.alarm_first_token_ms:,} ms to begin",
            metrics.first_token("p90").with_(period=_PERIOD),
            settings.alarm_first_token_ms,
            of_periods=3,
        )
        self._alarm(
            "Throttles",
            "Requests are turned away: too many at the same time",
            metrics.throttles().with_(period=_PERIOD),
            1,
            of_periods=1,
        )

    def tell_of(self, alarm: cloudwatch.Alarm) -> None:
        """Let the topic tell of an alarm, and of its end."""
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))

    def _alarm(
        self, name: str, description: str, metric: cloudwatch.IMetric, threshold: float, *, of_periods: int
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"{description}. See docs/operations.md",
            metric=metric,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=of_periods,
            datapoints_to_alarm=(of_periods + 2) // 2,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,  # nobody talks
        )
        self.tell_of(alarm)
