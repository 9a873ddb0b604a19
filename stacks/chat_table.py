"""The table with daily counters and API keys. Nothing in it outlives its use, and nothing tells who somebody is."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.acknowledgments import acknowledge


class ChatTable(Construct):
    """An on-demand table, empty but for what DynamoDB's time to live has not removed yet.

    Attributes:
        table: The table.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.table, {"AwsSolutions-DDB3": "Counters of two days and hashes of keys: there is nothing to restore."}
        )

    def grant_use(self, role: iam.IRole) -> None:
        """Allow a role to read and change single items; no more."""
        actions = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
        role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[self.table.table_arn]))
