"""A call of an AWS service that speaks JSON (SSM, DynamoDB), signed, answered or refused."""

import json
import math
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from chat.aws.credentials import NoCredentialsError, credentials
from chat.aws.signature import Credentials, sign
from chat.http1.failure import reason_of
from chat.http1.framing import ProtocolError
from chat.http1.pool import Pool

_ATTEMPTS = 2
_MAX_BYTES = 1024 * 1024


class AwsError(Exception):
    """The service refused, or did not answer; the message is for the log.

    Attributes:
        code: The service's, such as `ParameterNotFound`; empty if it did not answer.
        answer: What it said.
    """

    def __init__(self, message: str, code: str = "", answer: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.answer = answer or {}


class JsonService:
    """One service, in this function's region or where `AWS_ENDPOINT_URL_…` says, as for AWS's SDKs.

    Args:
        name: In its host name and in signatures, such as `ssm`.
        target: Before the operation in `X-Amz-Target`, such as `AmazonSSM`.
        version: Of its JSON protocol, such as `1.1`.
    """

    def __init__(
        self, name: str, target: str, version: str, *, connect_seconds: float = 2, read_seconds: float = 3
    ) -> None:
        self._name = name
        self._target = target
        self._content_type = f"application/x-amz-json-{version}"
        self._read_seconds = read_seconds
        self._region = os.environ.get("AWS_REGION", "us-east-1")
        self._url = endpoint(name, self._region)
        self._pool = Pool(self._url, connect_seconds)

    def call(self, operation: str, request: Mapping[str, Any], seconds: float = math.inf) -> dict[str, Any]:
        """Call an operation; once more if the service fails or does not answer, and so many seconds are not over.

        Raises:
            AwsError: It was refused, or there is no answer.
        """
        body = json.dumps(request).encode()
        last = AwsError(f"{self._name}: no time was left")
        try:
            own = credentials()
        except NoCredentialsError as error:
            raise AwsError(str(error)) from None
        until = time.monotonic() + seconds
        for _ in range(_ATTEMPTS):
            if (left := until - time.monotonic()) <= 0:
                break
            try:
                status, answer = self._post(operation, body, own, min(left, self._read_seconds))
            except (OSError, ProtocolError, ValueError) as error:
                last = AwsError(f"{self._name} does not answer: {reason_of(error)}")
                continue
            if status == 200:  # noqa: PLR2004  # OK
                return answer
            last = _refusal(status, answer)
            if status < 500 and "Throttl" not in last.code:  # noqa: PLR2004  # the same again and again
                break
        raise last

    def prepare(self) -> None:
        """Connect before the first call."""
        self._pool.prepare()

    def forget(self) -> None:
        """Close the connection that is kept for the next call."""
        self._pool.forget()

    def _post(self, operation: str, body: bytes, own: Credentials, seconds: float) -> tuple[int, dict[str, Any]]:
        headers = {
            "content-type": self._content_type,
            "host": urlsplit(self._url).netloc,
            "x-amz-target": f"{self._target}.{operation}",
        }
        signed = sign(
            headers,
            body,
            service=self._name,
            region=self._region,
            credentials=own,
            now=datetime.now(UTC),
        )
        del signed["host"]  # the connection sends it
        exchange = self._pool.post("/", signed, body, seconds)
        try:
            answer = json.loads(exchange.read_all(_MAX_BYTES, seconds))
        finally:
            exchange.close()
        if not isinstance(answer, dict):
            raise ValueError("not a JSON object")  # noqa: TRY004  # what came is wrong, as if it were not JSON
        return exchange.status, answer


def endpoint(name: str, region: str) -> str:
    """Where a service is: in the region, or where `AWS_ENDPOINT_URL…` says, as for AWS's SDKs."""
    variable = f"AWS_ENDPOINT_URL_{name.upper().replace('-', '_')}"
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    named = os.environ.get(variable) or os.environ.get("AWS_ENDPOINT_URL")
    return named or f"https://{name}.{region}.{domain}"


def _refusal(status: int, answer: Mapping[str, Any]) -> AwsError:
    code = str(answer.get("__type", "")).rpartition("#")[2]
    message = answer.get("message") or answer.get("Message") or f"status {status}"
    return AwsError(f"{code}: {message}" if code else str(message), code, answer)
