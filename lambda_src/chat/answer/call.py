"""One request on its way through the endpoint: its record, its deadline and its response."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from chat.errors import ApiError
from chat.record import RequestRecord
from streaming_runtime import StreamingResponse

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request being answered.

    Attributes:
        record: What will be logged of it.
        deadline: When its answer must have ended, on `time.monotonic`'s clock.
        headers: Sent with the answer, whatever it is.
    """

    record: RequestRecord
    deadline: float
    headers: dict[str, str] = field(default_factory=dict)

    def respond(self, value: object) -> StreamingResponse:
        """Answer with a JSON document."""
        return self.respond_bytes(json.dumps(value).encode())

    def respond_bytes(self, body: bytes) -> StreamingResponse:
        """Answer with a JSON document that is serialised already."""
        return self._whole(200, body, {})

    def refuse(self, error: ApiError) -> StreamingResponse:
        """Answer with an error."""
        self.record.error = error
        return self._whole(error.status, json.dumps(error.wire()).encode(), error.headers)

    def stream(self, body: Iterable[bytes], content_type: str) -> StreamingResponse:
        """Answer with a body that calls `end` when it ends."""
        self.record.status = 200
        return StreamingResponse(body, 200, self._headers(content_type))

    def end(self, error: ApiError | None) -> None:
        """Write the record of a streamed answer, with the error that was sent in-band if there was one."""
        self.record.error = error
        self.record.write()

    def _whole(self, status: int, body: bytes, headers: dict[str, str]) -> StreamingResponse:
        self.record.status = status
        self.record.write()
        return StreamingResponse([body], status, self._headers(JSON) | headers)

    def _headers(self, content_type: str) -> dict[str, str]:
        return {
            "content-type": content_type,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "x-request-id": self.record.request_id,
            **self.headers,
        }
