"""The model's service as a deployment's settings name it."""

from chat.http1.pool import Pool
from chat.model.api_key import ApiKey
from chat.model.service import Service
from chat.model.transport import Transport
from chat.model.upstream import Upstream
from chat.settings import Settings

_CONNECT_SECONDS = 5.0


class Model:
    """Whoever answers.

    Attributes:
        streamed: For streamed answers.
        whole: For the others.
        explain: Makes our error of one that upstream has put into an answer.
        preparables: What can get ready before the first request.
    """

    def __init__(self, settings: Settings) -> None:
        service = _service(settings)
        pool = Pool(service.url, _CONNECT_SECONDS)
        seconds = settings.silence_seconds
        self.streamed = Upstream(service, lambda: pool, seconds, streamed=True)
        self.whole = Upstream(service, _OpenAI(service.url, seconds), seconds, streamed=False)
        self.explain = self.streamed.explain
        self.preparables = (service, pool)


def _service(settings: Settings) -> Service:
    """Only the one in use is imported: what a deployment does not have, its cold starts do not pay for."""
    if settings.upstream == "bedrock":
        from chat.model.upstreams.bedrock import Bedrock  # noqa: PLC0415  # see above

        return Bedrock(settings.bedrock_guardrail)
    key = ApiKey(settings.api_key_parameter)
    if settings.upstream == "azure":
        from chat.model.upstreams.azure import Azure  # noqa: PLC0415  # see above

        return Azure(settings.upstream_base_url, key, settings.azure_api_version)
    from chat.model.upstreams.compatible import Compatible  # noqa: PLC0415  # see above

    return Compatible(settings.upstream_base_url, key)


class _OpenAI:
    """Makes the transport for answers that are not streamed when it is needed: importing it takes a second."""

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._seconds = seconds
        self._made: Transport | None = None

    def __call__(self) -> Transport:
        if self._made is None:
            from chat.model.openai_client import OpenAIClient  # noqa: PLC0415  # see above

            self._made = OpenAIClient(self._url, _CONNECT_SECONDS, self._seconds)
        return self._made
