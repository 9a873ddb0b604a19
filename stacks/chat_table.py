"""The table with daily counters and API keys. Nothing in it outlives its use, and nothing tells who somebody is."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from chat.auth import api_key_form
from chat.limits import day
from stacks.acknowledgments import acknowledge
from stacks.settings import Settings

_COUNTERS = f"{day.COUNTERS}*"
_KEYS = f"{api_key_form.ITEM_PREFIX}*"


class ChatTable(Construct):
    """An on-demand table, empty but for what DynamoDB's time to live has not removed yet."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            removal_policy=RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.table, {"AwsSolutions-DDB3": "Counters of two days and hashes of keys: there is nothing to restore."}
        )

    def grant_use(self, role: iam.IRole) -> None:
        """Allow a role to read single items, to change counters, and to note when a key was used; no more.

        A function that is taken over could make no key with this: an item without `owner` is none, and `owner` is not
        among the attributes that it may name. Conditions that are not named in a request hold for any (`ForAllValues`),
        so `Null` asks that they are.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
        """
        for action, keys, attributes in (
            ("dynamodb:GetItem", [_COUNTERS, _KEYS], None),
            ("dynamodb:UpdateItem", [_COUNTERS], None),
            ("dynamodb:UpdateItem", [_KEYS], ["pk", "last_used"]),
        ):
            conditions: dict[str, dict[str, object]] = {
                "ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys},
                "Null": {"dynamodb:LeadingKeys": "false"},
            }
            if attributes:
                conditions["ForAllValues:StringEquals"] = {"dynamodb:Attributes": attributes}
                conditions["Null"]["dynamodb:Attributes"] = "false"
                # UpdateItem reads as well, and gives the whole item if asked.
                conditions["StringEquals"] = {"dynamodb:ReturnValues": "NONE"}
            role.add_to_principal_policy(
                iam.PolicyStatement(actions=[action], resources=[self.table.table_arn], conditions=conditions)
            )
