"""A request for embeddings, checked against what the deployment allows, as the body to send upstream."""

from dataclasses import dataclass

from chat.errors import InvalidRequestError, UnknownModelError
from chat.request.json_input import json_bytes, json_object
from chat.request.parameters import EMBEDDING_PARAMETERS, offered, requested
from chat.request.size import Size
from chat.settings import Settings


@dataclass(frozen=True, slots=True)
class EmbeddingRequest:
    """A checked request.

    Attributes:
        body: The JSON for upstream's `/embeddings`.
        model: The model it asks for.
        tokens_in: The tokens of the request, guessed high.
        tokens_out: None are answered.
        stream: Never.
        path: Of upstream's API.
    """

    body: bytes
    model: str
    tokens_in: int
    tokens_out: int = 0
    stream: bool = False
    path: str = "/embeddings"

    @classmethod
    def from_body(cls, body: bytes, settings: Settings) -> "EmbeddingRequest":
        """Check a request.

        Raises:
            InvalidRequestError: Something is wrong with it; `param` says what.
            TooLargeError: It is longer than `max_input_chars`.
            UnknownModelError: The model is not one of `embedding_models`, or there are none.
        """
        asked = requested(json_object(body), EMBEDDING_PARAMETERS, settings.extra_parameters)
        if not settings.embedding_models:
            raise UnknownModelError("This deployment offers no embeddings.", code="not_offered", param="model")
        model = offered(asked.get("model", settings.embedding_models[0]), settings.embedding_models)
        if not asked.get("input") or not isinstance(asked["input"], str | list):
            raise InvalidRequestError("input must be a string or a list, and not empty.", param="input")
        size = Size()
        for name, value in asked.items():
            if name != "model" and isinstance(value, str | list | dict):
                size.count(value, name)
        size.check(settings)
        serialised = json_bytes(asked | {"model": model})
        return cls(serialised, model, size.tokens_of(serialised))
