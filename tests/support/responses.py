"""An answer of the Responses API, built with OpenAI's own types: what a well-behaved upstream streams."""

from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseContentPartAddedEvent,
    ResponseCreatedEvent,
    ResponseError,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseOutputItemAddedEvent,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
    ResponseUsage,
)
from openai.types.responses.response import IncompleteDetails
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails
from pydantic import BaseModel

USAGE = ResponseUsage(
    input_tokens=70,
    input_tokens_details=InputTokensDetails(cached_tokens=0, cache_write_tokens=0),
    output_tokens=20,
    output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
    total_tokens=90,
)


def response(text: str = "", **changes: object) -> Response:
    """A response whose output is `text`, if there is one."""
    part = ResponseOutputText(annotations=[], text=text, type="output_text")
    message = ResponseOutputMessage(id="msg_1", content=[part], role="assistant", status="completed", type="message")
    return Response.model_construct(
        id="resp_1",
        created_at=0,
        model="small",
        object="response",
        output=[message] if text else [],
        parallel_tool_calls=True,
        tool_choice="auto",
        tools=[],
        status="completed" if text else "in_progress",
        usage=USAGE if text else None,
    ).model_copy(update=changes)


def event(value: BaseModel) -> bytes:
    """An event as OpenAI sends it, its type named twice."""
    return b"event: %b\ndata: %b\n\n" % (value.type.encode(), value.model_dump_json().encode())  # type: ignore[attr-defined]  # every event has a type


def created() -> bytes:
    return event(ResponseCreatedEvent(response=response(), sequence_number=0, type="response.created"))


def delta(text: str, number: int) -> bytes:
    return event(
        ResponseTextDeltaEvent(
            content_index=0,
            delta=text,
            item_id="msg_1",
            logprobs=[],
            output_index=0,
            sequence_number=number,
            type="response.output_text.delta",
        )
    )


def completed(text: str, number: int) -> bytes:
    return event(ResponseCompletedEvent(response=response(text), sequence_number=number, type="response.completed"))


def incomplete(text: str, number: int) -> bytes:
    cut = response(text, status="incomplete", incomplete_details=IncompleteDetails(reason="max_output_tokens"))
    return event(ResponseIncompleteEvent(response=cut, sequence_number=number, type="response.incomplete"))


def failed(code: str, message: str, number: int) -> bytes:
    error = ResponseError.model_construct(code=code, message=message)
    return event(
        ResponseFailedEvent(
            response=response(status="failed", error=error), sequence_number=number, type="response.failed"
        )
    )


def begun() -> bytes:
    """The two events after which a text may come."""
    message = ResponseOutputMessage(id="msg_1", content=[], role="assistant", status="in_progress", type="message")
    part = ResponseOutputText(annotations=[], text="", type="output_text")
    return event(
        ResponseOutputItemAddedEvent(item=message, output_index=0, sequence_number=1, type="response.output_item.added")
    ) + event(
        ResponseContentPartAddedEvent(
            content_index=0,
            item_id="msg_1",
            output_index=0,
            part=part,
            sequence_number=2,
            type="response.content_part.added",
        )
    )


ANSWER = (created(), begun(), delta("Hel", 3), delta("lo", 4), completed("Hello", 5))
