"""Lambda's entry point: `chat.handler.handler`. Everything slow happens here, at import, before the first request."""

import os
from collections.abc import Mapping

from chat.api_key import ApiKey
from chat.application import Application, Context
from chat.settings import Settings
from chat.upstream import Upstream
from streaming_runtime import StreamingResponse

_settings = Settings.from_environment(os.environ)
_application = Application(_settings, Upstream(_settings, ApiKey(_settings.api_key_parameter)))


def handler(event: Mapping[str, object], context: Context) -> StreamingResponse:
    """Answer one Function URL request."""
    return _application.handle(event, context)
