"""What can be configured: every setting, the values it takes, and which of them contradict each other.

What the function reads is declared in lambda_src/chat/settings.py, as it ships; the rest is here. Knows nothing of the
constructs that use it, nor of the CDK: `make chat` reads cdk.json with it too. Begin with `context.py`.
"""

from chat.declaration import SettingsError
from stacks.settings.context import Settings, cdk_json_context, declared, readers

__all__ = ["Settings", "SettingsError", "cdk_json_context", "declared", "readers"]
