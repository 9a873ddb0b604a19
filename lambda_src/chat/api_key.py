"""The upstream API key: kept in SSM, read through Powertools' cache."""

import os
import threading

from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.config import Config

from chat.errors import KeyUnavailableError
from chat.record import logger

_MAX_AGE_SECONDS = 900
_CONFIG = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})


class ApiKey:
    """One SSM SecureString, decrypted and cached; a failed read is never cached.

    Args:
        parameter: Its name.
    """

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        self._provider = SSMProvider(boto_config=_CONFIG)
        self._lock = threading.Lock()
        self._last = ""

    def read(self, *, fresh: bool = False) -> str:
        """The key, from the cache unless `fresh` is asked for.

        Raises:
            KeyUnavailableError: The parameter is missing, empty or may not be read. The log says which, and what to do.
        """
        try:
            with self._lock:
                value = self._provider.get(self._parameter, decrypt=True, max_age=_MAX_AGE_SECONDS, force_fetch=fresh)
        except GetParameterError as error:
            raise self._unavailable(str(error)) from None
        self._last = str(value).strip()
        if not self._last:
            self._provider.store.clear()
            raise self._unavailable("it is empty")
        return self._last

    def redact(self, text: str) -> str:
        """The text without the key, should upstream have repeated it."""
        return text.replace(self._last, "(key removed)") if self._last else text

    def advice(self) -> dict[str, str]:
        """For the log: which parameter it is, and the command that sets it."""
        region = os.environ.get("AWS_REGION", "REGION")
        command = f"aws ssm put-parameter --region {region} --name {self._parameter} --type SecureString"
        return {"parameter": self._parameter, "remedy": f"{command} --overwrite --value YOUR_KEY"}

    def _unavailable(self, reason: str) -> KeyUnavailableError:
        logger.error("The API key cannot be read", extra={"reason": reason, **self.advice()})
        return KeyUnavailableError("This deployment's key for its model is not set up. Tell whoever runs it.")
