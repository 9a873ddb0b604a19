"""One SSM parameter, read over its HTTP API.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
"""

import json
import os
from datetime import UTC, datetime
from urllib.parse import urlsplit

from chat.aws.credentials import NoCredentialsError, credentials
from chat.aws.signature import sign
from chat.http1.connection import Connection
from chat.http1.framing import ProtocolError

_ATTEMPTS = 2
_CONNECT_SECONDS = 2.0
_READ_SECONDS = 3.0
_MAX_BYTES = 65536


class ParameterError(Exception):
    """The parameter cannot be read; the message says why, for the log."""


def get_parameter(name: str) -> str:
    """A parameter's value, decrypted.

    Raises:
        ParameterError: It is missing, may not be read, or SSM does not answer.
    """
    body = json.dumps({"Name": name, "WithDecryption": True}).encode()
    error = ""
    for _ in range(_ATTEMPTS):
        try:
            status, answer = _call(body)
        except NoCredentialsError as missing:
            raise ParameterError(str(missing)) from None
        except (OSError, ProtocolError, ValueError) as broken:
            error = f"SSM does not answer: {type(broken).__name__}"
            continue
        if status == 200:  # noqa: PLR2004  # OK
            return _value(answer)
        error = _error(status, answer)
        if status < 500 and "Throttling" not in error:  # noqa: PLR2004  # it will not be better the next time
            break
    raise ParameterError(error)


def endpoint() -> str:
    """Where SSM is; `AWS_ENDPOINT_URL_SSM` says otherwise as it does for AWS's SDKs."""
    region = os.environ.get("AWS_REGION", "us-east-1")
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    named = os.environ.get("AWS_ENDPOINT_URL_SSM") or os.environ.get("AWS_ENDPOINT_URL")
    return named or f"https://ssm.{region}.{domain}"


def _call(body: bytes) -> tuple[int, object]:
    url = endpoint()
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "host": urlsplit(url).netloc,
        "x-amz-target": "AmazonSSM.GetParameter",
    }
    region = os.environ.get("AWS_REGION", "us-east-1")
    now = datetime.now(UTC)
    signed = sign(headers, body, service="ssm", region=region, credentials=credentials(), now=now)
    del signed["host"]  # the connection sends it
    with Connection(url, _CONNECT_SECONDS) as connection:
        response = connection.post("/", signed, body, _READ_SECONDS)
        return response.status, json.loads(response.read_all(_MAX_BYTES, _READ_SECONDS))


def _value(answer: object) -> str:
    match answer:
        case {"Parameter": {"Value": str(value)}}:
            return value
    raise ParameterError("SSM answered without a value")


def _error(status: int, answer: object) -> str:
    if isinstance(answer, dict) and isinstance(kind := answer.get("__type"), str):
        message = answer.get("message") or answer.get("Message") or ""
        return f"{kind.rpartition('#')[2]}: {message}".removesuffix(": ")
    return f"SSM answered with status {status}"
