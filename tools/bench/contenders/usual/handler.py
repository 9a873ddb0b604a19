"""The function as Python on Lambda is usually written: the SDKs' clients, chunk objects, one buffered answer."""

import json
import os
from functools import cache
from typing import Any

import boto3
import openai

_ssm = boto3.client("ssm")


@cache
def _client() -> openai.OpenAI:
    answer = _ssm.get_parameter(Name=os.environ["API_KEY_PARAMETER"], WithDecryption=True)
    return openai.OpenAI(api_key=answer["Parameter"]["Value"], base_url=os.environ["UPSTREAM_BASE_URL"])


def handler(event: dict[str, Any], _context: object) -> dict[str, object]:
    """Answer one Function URL request."""
    request = json.loads(event["body"])
    stream = _client().chat.completions.create(
        model=request["model"], messages=request["messages"], stream=True, stream_options={"include_usage": True}
    )
    lines = [f"data: {chunk.model_dump_json()}\n\n" for chunk in stream]
    return {
        "statusCode": 200,
        "headers": {"content-type": "text/event-stream; charset=utf-8"},
        "body": "".join(lines) + "data: [DONE]\n\n",
    }
