"""Lambda's entry point: `chat.handler.handler`. Everything slow happens here, at import, before the first request."""

import os
from collections.abc import Mapping

from chat.application import Application, Context
from chat.auth.guard import Guard
from chat.aws.dynamodb import DynamoTable
from chat.exchange import Exchange
from chat.limits.limits import Limits
from chat.model.model import Model
from chat.settings import Settings
from chat.warm_up import WarmUp
from streaming_runtime import StreamingResponse


def _table(settings: Settings) -> DynamoTable | None:
    return DynamoTable(settings.table_name) if settings.needs_table else None


_settings = Settings.from_environment(os.environ)
_items = _table(_settings)
_model = Model(_settings)
_guard = Guard.from_settings(_settings, _items)
_limits = Limits(_settings, _items)
_exchange = Exchange(_settings, _model.streamed, _model.whole, _limits)
_application = Application(_settings, _exchange, _model.explain, _guard, _limits)
WarmUp([*_model.preparables, _guard, *([_items] if _items else [])]).begin()


def handler(event: Mapping[str, object], context: Context) -> StreamingResponse:
    """Answer one Function URL request."""
    return _application.handle(event, context)
