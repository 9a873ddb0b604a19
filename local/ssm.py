"""The part of SSM that the function needs: GetParameter of the model's key, for this process's children only.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
"""

import base64
import json
import time
from collections.abc import Mapping

from local.http1 import BodyTooLargeError, Exchange
from local.variables import ACCOUNT, REGION

_MAX_BYTES = 4096
_AMZ_JSON = [("content-type", "application/x-amz-json-1.1")]


class ParameterStore:
    """Answers SSM's wire protocol.

    Args:
        parameters: SecureStrings by name; read at each request, so it may change.
        access_key: The access key that a request has to be signed with; keeps other programs from reading the key.
    """

    def __init__(self, parameters: Mapping[str, str], access_key: str) -> None:
        self._parameters = parameters
        self._access_key = access_key
        self._since = time.time()

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        try:
            body = await exchange.body(_MAX_BYTES)
        except BodyTooLargeError:
            body = b""
        status, answer = self._answer(exchange, body)
        await exchange.respond(status, _AMZ_JSON, json.dumps(answer).encode())

    def _answer(self, exchange: Exchange, body: bytes) -> tuple[int, dict[str, object]]:
        if f"Credential={self._access_key}/" not in exchange.header("authorization"):
            return 400, _error("UnrecognizedClientException", "The security token included in the request is invalid.")
        if exchange.header("x-amz-target") != "AmazonSSM.GetParameter":
            return 400, _error("UnknownOperationException", "Only GetParameter is there.")
        try:
            request = json.loads(body)
        except ValueError:
            request = None
        name = request.get("Name") if isinstance(request, dict) else None
        if not isinstance(name, str):
            return 400, _error("ValidationException", "Name is missing.")
        if name not in self._parameters:
            return 400, _error("ParameterNotFound", "")
        value = self._parameters[name]
        parameter = {
            "ARN": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{name.removeprefix('/')}",
            "DataType": "text",
            "LastModifiedDate": self._since,
            "Name": name,
            "Type": "SecureString",
            "Value": value if request.get("WithDecryption") else base64.b64encode(b"encrypted").decode(),
            "Version": 1,
        }
        return 200, {"Parameter": parameter}


def _error(kind: str, message: str) -> dict[str, object]:
    return {"__type": kind, "message": message}
