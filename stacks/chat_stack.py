"""The one stack: wires the function to the site and says where everything is."""

from pathlib import Path

from aws_cdk import Aws, CfnOutput, Stack, Tags
from constructs import Construct

from stacks.chat_function import ChatFunction
from stacks.chat_site import ChatSite, Page
from stacks.settings import Settings


class ChatStack(Stack):
    """A chat page and the function behind it.

    Attributes:
        chat: The function's construct.
        site: The page's construct.
    """

    def __init__(self, scope: Construct, *, settings: Settings, task_root: Path, page: Page) -> None:
        """Make the stack.

        Args:
            scope: The app.
            settings: What to deploy.
            task_root: The function's bundle (`stacks.bundling`).
            page: The page to serve.
        """
        name = f"lambda-stream-chat-{settings.stage}"
        super().__init__(scope, name, description="A chat page and the Python function that streams a model's answers")
        Tags.of(self).add("project", "lambda-stream-chat")
        Tags.of(self).add("stage", settings.stage)
        self.chat = ChatFunction(self, "Chat", settings=settings, task_root=task_root)
        self.site = ChatSite(self, "Site", settings=settings, function_url=self.chat.url, page=page)
        self._outputs(settings)

    def _outputs(self, settings: Settings) -> None:
        page_url = f"https://{self.site.distribution.distribution_domain_name}/"
        api_url = self.chat.url.url if settings.exposure == "direct" else f"{page_url}api/"
        put_parameter = f'read -rs KEY && aws ssm put-parameter --region {Aws.REGION} --value "$KEY"'
        key = f" --key-id {settings.api_key_kms_key_arn}" if settings.api_key_kms_key_arn else ""
        outputs = {
            "PageUrl": ("The chat page", page_url),
            "ApiUrl": ("Where the API begins: OpenAI clients add v1 to it", api_url),
            "FunctionName": ("The chat function", self.chat.function.function_name),
            "LogGroupName": ("Its logs", self.chat.log_group.log_group_name),
            "ApiKeyCommand": (
                "Sets the model's API key, which stays out of the shell's history and this template",
                f"{put_parameter} --name {settings.api_key_parameter} --type SecureString{key} --overwrite",
            ),
        }
        for output, (description, value) in outputs.items():
            CfnOutput(self, output, description=description, value=value)
