"""Azure OpenAI: where its two APIs are, and how they know who asks."""

import pytest

from chat.http1.address import Address
from chat.model.api_key import ApiKey
from chat.model.upstreams.azure import Azure
from tests.support.secrets import secret

KEY, ROTATED = secret("azure-key-of-a-test"), secret("azure-rotated-key-of-a-test")
BODY = b'{"model": "my gpt/4", "stream": true}'


class Keys(ApiKey):
    def __init__(self, *keys: str) -> None:
        super().__init__("/key")
        self._keys = list(keys)

    def _fetch(self) -> str:
        return self._keys.pop(0)


@pytest.mark.parametrize(
    ("url", "version", "asked"),
    [
        ("https://r.openai.azure.com", None, "https://r.openai.azure.com/openai/v1/chat/completions"),
        ("https://r.openai.azure.com/openai/v1", None, "https://r.openai.azure.com/openai/v1/chat/completions"),
        (
            "https://r.openai.azure.com/openai/v1/?api-version=preview",
            None,
            "https://r.openai.azure.com/openai/v1/chat/completions?api-version=preview",
        ),
        (
            "https://r.openai.azure.com/",
            "2024-10-21",
            "https://r.openai.azure.com/openai/deployments/my%20gpt%2F4/chat/completions?api-version=2024-10-21",
        ),
        (
            "https://gateway.example/azure/openai?team=a",
            "2024-10-21",
            "https://gateway.example/azure/openai/deployments/my%20gpt%2F4/chat/completions?team=a&api-version=2024-10-21",
        ),
    ],
)
def test_where_it_is_asked(url: str, version: str | None, asked: str) -> None:
    service = Azure(url, Keys(KEY), version)

    request = service.request(BODY, "/chat/completions")

    assert Address(service.url).url(request.path) == asked
    assert request.headers == {"api-key": KEY}
    assert request.body == BODY


def test_a_rotated_key_is_tried() -> None:
    service = Azure("https://r.openai.azure.com", Keys(KEY, ROTATED, ROTATED), None)
    request = service.request(BODY, "/chat/completions")

    renewed = service.renewed(request)

    assert renewed is not None
    assert renewed.headers == {"api-key": ROTATED}
    assert service.renewed(renewed) is None
    assert service.redact(f"Wrong: {ROTATED}") == "Wrong: (key removed)"
