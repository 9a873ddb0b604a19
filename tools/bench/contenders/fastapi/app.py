"""A FastAPI application that streams a chat completion, as its documentation and OpenAI's SDK suggest."""

import os
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import boto3
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from pydantic import BaseModel

app = FastAPI()


class ChatRequest(BaseModel):
    """What is asked for."""

    model: str
    messages: list[dict[str, Any]]
    stream: bool = True


@cache
def _client() -> AsyncOpenAI:
    answer = boto3.client("ssm").get_parameter(Name=os.environ["API_KEY_PARAMETER"], WithDecryption=True)
    return AsyncOpenAI(api_key=answer["Parameter"]["Value"], base_url=os.environ["UPSTREAM_BASE_URL"])


@app.get("/")
async def ready() -> dict[str, str]:
    """Tell the Lambda Web Adapter that requests may come."""
    return {"status": "ok"}


@app.post("/v1/chat/completions")
async def chat(request: ChatRequest) -> StreamingResponse:
    """Stream a completion."""
    messages: Any = request.messages
    stream = await _client().chat.completions.create(
        model=request.model, messages=messages, stream=True, stream_options={"include_usage": True}
    )

    async def events() -> AsyncIterator[str]:
        async for chunk in stream:
            yield f"data: {chunk.model_dump_json()}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")
