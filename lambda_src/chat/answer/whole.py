"""Answers that are not streamed: passed on as they came, looked into for what they used."""

import json
from typing import Any

from chat.answer.completion import content_tokens
from chat.answer.response import note_end
from chat.answer.timed_reader import TimedReader
from chat.errors import UpstreamMalformedError
from chat.usage import Usage, tokens_of_bytes


def whole_completion(reader: TimedReader, usage: Usage) -> bytes:
    """A chat completion's bytes; `usage` gets the finish reason and the token counts.

    Raises:
        UpstreamMalformedError: It is none.
        ApiError: It did not come, or not in time.
    """
    body, answer = _document(reader, usage, "choices")
    choices = [choice for choice in answer["choices"] if isinstance(choice, dict)]
    if not choices:
        raise _malformed(body, usage)
    for choice in choices:
        if isinstance(message := choice.get("message"), dict):
            usage.saw_content(content_tokens(message))
    if isinstance(reason := choices[0].get("finish_reason"), str):
        usage.saw_finish(reason)
    usage.saw_usage(answer.get("usage"))
    return body


def whole_response(reader: TimedReader, usage: Usage) -> bytes:
    """A response's bytes; `usage` gets the status and the token counts.

    Raises:
        UpstreamMalformedError: It is none.
        ApiError: It did not come, or not in time.
    """
    body, response = _document(reader, usage, "output")
    usage.saw_content(tokens_of_bytes(len(json.dumps(response["output"]))))
    note_end(response, usage)
    return body


def whole_embeddings(reader: TimedReader, usage: Usage) -> bytes:
    """Embeddings' bytes; `usage` gets the tokens of the request, as there are no others.

    Raises:
        UpstreamMalformedError: They are none.
        ApiError: They did not come, or not in time.
    """
    body, answer = _document(reader, usage, "data")
    if isinstance(counts := answer.get("usage"), dict):
        usage.saw_usage({"prompt_tokens": counts.get("prompt_tokens"), "completion_tokens": 0})
    return body


def _document(reader: TimedReader, usage: Usage, content: str) -> tuple[bytes, dict[str, Any]]:
    body = reader.rest()
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get(content), list):
        raise _malformed(body, usage)
    return body, answer


def _malformed(body: bytes, usage: Usage) -> UpstreamMalformedError:
    usage.saw_content(tokens_of_bytes(len(body)))  # it may have been paid for
    return UpstreamMalformedError("The model's service sent an answer that is not of OpenAI's form.")
