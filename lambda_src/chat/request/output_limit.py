"""How many tokens an answer may have, under the one name that this upstream honours."""

from urllib.parse import urlsplit

from chat.request.json_input import as_count
from chat.settings import Settings

NAMES = ("max_completion_tokens", "max_tokens")

# Their newer models refuse `max_tokens`; many other servers know only that.
_OPENAI_HOSTS = ("openai.com", "openai.azure.com")
_BEDROCK_HOSTS = ("amazonaws.com", "api.aws")


def name_at(settings: Settings, model: str) -> str:
    """The name under which the deployment's upstream takes the limit: one of `NAMES`."""
    if settings.token_limit_name is not None:
        return settings.token_limit_name
    host = urlsplit(settings.upstream_base_url).hostname or ""
    is_openais = (
        settings.upstream in {"azure", "bedrock"}
        or _is_below(host, _OPENAI_HOSTS)
        or (_is_below(host, _BEDROCK_HOSTS) and model.startswith("openai."))
    )
    return "max_completion_tokens" if is_openais else "max_tokens"


def output_tokens(asked: dict[str, object], limit: int) -> int:
    """The smallest of what the client asks for under either name, and the deployment's limit.

    Raises:
        InvalidRequestError: What it asks for is no whole number above 0.
    """
    return min(limit, *(as_count(asked[name], name) for name in NAMES if name in asked), limit)


def _is_below(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)
