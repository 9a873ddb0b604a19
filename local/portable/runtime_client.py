# ruff: noqa: INP001  # found through PYTHONPATH, as a top-level module
"""Stands in for awslambdaric's compiled module of this name where AWS does not build it: on anything but Linux.

Same functions, same arguments, same RuntimeError for any refusal. Used by the function's process alone, through
PYTHONPATH; never on Lambda.
"""

import http.client
import os

_HEADERS = (
    "Lambda-Runtime-Aws-Request-Id",
    "Lambda-Runtime-Trace-Id",
    "Lambda-Runtime-Invoked-Function-Arn",
    "Lambda-Runtime-Client-Context",
    "Lambda-Runtime-Cognito-Identity",
    "Lambda-Runtime-Aws-Tenant-Id",
    "Lambda-Runtime-Invocation-Id",
    "Content-Type",
)
_OK = 200
_ACCEPTED = 202


def initialize_client(_user_agent: str) -> None:
    """Nothing to do."""


def next() -> tuple[bytes, dict[str, str | int | None]]:  # noqa: A001  # awslambdaric's name
    """Wait for the next invocation: the event, and the headers by the names that awslambdaric looks for."""
    status, headers, event = _call("GET", "next", None, {})
    if status != _OK:
        raise RuntimeError("Failed to get next")
    found: dict[str, str | int | None] = {name: headers.get(name) for name in _HEADERS}
    return event, {**found, "Lambda-Runtime-Deadline-Ms": int(headers["Lambda-Runtime-Deadline-Ms"])}


def post_invocation_result(request_id: str, result: bytes, content_type: str, invocation_id: str | None) -> None:
    """Post a buffered response."""
    headers = {"Content-Type": content_type, **_echo(invocation_id)}
    if _call("POST", f"{request_id}/response", result, headers)[0] != _ACCEPTED:
        raise RuntimeError("Failed to post invocation response")


def post_error(request_id: str, error: str, xray_fault: str, invocation_id: str | None) -> None:
    """Post the error that the invocation ended with."""
    cause = {"Lambda-Runtime-Function-XRay-Error-Cause": xray_fault} if xray_fault.isascii() else {}
    headers = {"Content-Type": "application/json", **cause, **_echo(invocation_id)}
    if _call("POST", f"{request_id}/error", error.encode(), headers)[0] != _ACCEPTED:
        raise RuntimeError("Failed to post invocation error")


def _echo(invocation_id: str | None) -> dict[str, str]:
    return {"Lambda-Runtime-Invocation-Id": invocation_id} if invocation_id else {}


def _call(
    method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> tuple[int, http.client.HTTPMessage, bytes]:
    host, slash, prefix = os.environ["AWS_LAMBDA_RUNTIME_API"].removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    try:
        target = f"{slash}{prefix.rstrip('/')}/2018-06-01/runtime/invocation/{path}"
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise RuntimeError(f"Failed to reach the Runtime API: {error}") from error
    finally:
        connection.close()
