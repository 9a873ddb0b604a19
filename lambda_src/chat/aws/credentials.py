"""The function's own credentials: variables usually; with SnapStart, which has none before a restore, an endpoint.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
"""

import json
import os

from chat.aws.signature import Credentials
from chat.http1.connection import Connection
from chat.http1.failure import reason_of
from chat.http1.framing import ProtocolError

_SECONDS = 2.0
_MAX_BYTES = 65536


class NoCredentialsError(Exception):
    """There are none, or they cannot be had; the message is for the log."""


def credentials() -> Credentials:
    """The function's credentials as they are now.

    Raises:
        NoCredentialsError: There are none.
    """
    environment = os.environ
    access_key, secret_key = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if access_key and secret_key:
        return Credentials(access_key, secret_key, environment.get("AWS_SESSION_TOKEN", ""))
    if url := environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        return _from_endpoint(url, environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""))
    raise NoCredentialsError("no AWS credentials in the environment")


def _from_endpoint(url: str, token: str) -> Credentials:
    try:
        with Connection(url, _SECONDS) as connection:
            response = connection.get("", {"Authorization": token, "Accept": "application/json"}, _SECONDS)
            body = response.read_all(_MAX_BYTES, _SECONDS)
        found = json.loads(body)
        return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found.get("Token") or "")
    except (OSError, ProtocolError, ValueError, LookupError, TypeError) as error:
        raise NoCredentialsError(f"the credentials endpoint failed: {reason_of(error)}") from None
