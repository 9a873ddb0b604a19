"""The chat's stack: wires the function, the site, the people and the monitoring, and says where everything is."""

from pathlib import Path
from typing import Any

from aws_cdk import Aws, CfnOutput, Stack
from constructs import Construct

from stacks.chat_function import ChatFunction
from stacks.chat_site import ChatSite, Page
from stacks.chat_table import ChatTable
from stacks.monitoring.monitoring import Monitoring
from stacks.monitoring.token_alarm import TokenAlarm
from stacks.naming import tag
from stacks.settings import Settings
from stacks.sign_in import sign_in


class ChatStack(Stack):
    """A chat page and the function behind it."""

    def __init__(  # options by name
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        task_root: Path,
        page: Page,
        **stack_props: Any,  # noqa: ANN401  # as `Stack` takes them
    ) -> None:
        """Make the stack.

        Args:
            scope: An app or a stage.
            construct_id: Its name too, unless `stack_name` says another.
            settings: What to deploy.
            task_root: The function's bundle (`bundle.build`).
            page: The page to serve.
            stack_props: What any stack takes: `env`, `stack_name`, `synthesizer`, …; wins over what is usual here.
        """
        usual: dict[str, Any] = {
            "description": "A chat page and the Python function that streams a model's answers",
            "termination_protection": settings.termination_protection,
        }
        super().__init__(scope, construct_id, **(usual | stack_props))
        tag(self, settings)
        self.sign_in = sign_in(self, settings)
        self.table = ChatTable(self, "Items", settings=settings) if settings.needs_table else None
        self.chat = ChatFunction(
            self, "Chat", settings=settings, task_root=task_root, sign_in=self.sign_in, table=self.table
        )
        self.site = ChatSite(self, "Site", settings=settings, chat=self.chat, page=page, sign_in=self.sign_in)
        self.monitoring = self._monitoring(settings) if settings.monitoring else None
        if settings.daily_tokens_alarm is not None:
            daily = TokenAlarm(self, "TokenAlarm", stage=settings.stage, tokens=settings.daily_tokens_alarm)
            if self.monitoring is not None:
                self.monitoring.alarms.tell_of(daily.alarm)
        self._outputs(settings)

    def _monitoring(self, settings: Settings) -> Monitoring:
        function, log_group = self.chat.function, self.chat.log_group
        return Monitoring(self, "Monitoring", settings=settings, function=function, log_group=log_group)

    def _outputs(self, settings: Settings) -> None:
        page_url = self.site.url
        api_url = self.chat.url.url if settings.exposure == "direct" else f"{page_url}api/"
        put_parameter = f'read -rs KEY && aws ssm put-parameter --region {Aws.REGION} --value "$KEY"'
        key = f" --key-id {settings.api_key_kms_key_arn}" if settings.api_key_kms_key_arn else ""
        outputs = {
            "PageUrl": ("The chat page", page_url),
            "ApiUrl": ("Where the API begins: OpenAI clients add v1 to it", api_url),
            "FunctionUrl": ("Its Function URL, which answers whom `exposure` lets in", self.chat.url.url),
            "ChatApi": ("The same as ApiUrl", api_url),
            "ChatFunction": ("The chat function's ARN", self.chat.function.function_arn),
            "FunctionName": ("The chat function", self.chat.function.function_name),
            "LogGroupName": ("Its logs", self.chat.log_group.log_group_name),
        }
        if settings.upstream != "bedrock":
            outputs["ApiKeyCommand"] = (
                "Sets the model's API key, which stays out of the shell's history and this template",
                f"{put_parameter} --name {settings.api_key_parameter} --type SecureString{key} --overwrite",
            )
        if self.monitoring is not None:
            outputs["DashboardUrl"] = ("How it does", self.monitoring.dashboard_url)
            outputs["AlarmTopicArn"] = ("Tells of alarms", self.monitoring.alarms.topic.topic_arn)
        if self.table is not None:
            outputs["TableName"] = ("Daily counters and API keys", self.table.table.table_name)
        if self.sign_in.pool is not None:
            outputs["UserPoolId"] = ("The people invited", self.sign_in.pool.user_pool.user_pool_id)
        for output, (description, value) in outputs.items():
            CfnOutput(self, output, description=description, value=value)
