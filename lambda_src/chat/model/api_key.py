"""The upstream API key: kept in SSM, read when it is needed and remembered for a while."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from chat.aws.service import AwsError, JsonService
from chat.errors import KeyUnavailableError
from chat.log import logger

_MAX_AGE_SECONDS = 900


class _UnreadableError(Exception):
    """Why the key cannot be read, for the log."""


class ApiKey:
    """One SSM SecureString, decrypted and cached; a failed read is never cached.

    Args:
        parameter: Name of the SSM SecureString.
        clock: POSIX seconds. The wall clock: by others, a frozen Lambda environment may miss time.
    """

    def __init__(self, parameter: str, clock: Callable[[], float] = time.time) -> None:
        self._parameter = parameter
        self._clock = clock
        self._ssm = JsonService("ssm", "AmazonSSM", "1.1")
        self._lock = threading.Lock()
        self._last = ""
        self._valid_until = 0.0

    def read(self, *, fresh: bool = False) -> str:
        """The key, from the cache unless `fresh` is asked for.

        Raises:
            KeyUnavailableError: The parameter is missing, empty or may not be read. The log says which, and what to do.
        """
        with self._lock:
            if fresh or self._clock() >= self._valid_until:
                try:
                    self._renew()
                except _UnreadableError as error:
                    raise self._unavailable(str(error)) from None
            return self._last

    def prepare(self) -> None:
        """Read the key before it is needed; if that fails, it is tried again when it is."""
        with self._lock, suppress(_UnreadableError):
            self._renew()

    def forget(self) -> None:
        """Read the key again the next time."""
        with self._lock:
            self._valid_until = 0.0

    def redact(self, text: str) -> str:
        """The text without the key, should upstream have repeated it."""
        return text.replace(self._last, "(key removed)") if self._last else text

    def remedy(self) -> dict[str, str]:
        """For the log: which parameter it is, and the command that sets it."""
        region = os.environ.get("AWS_REGION", "REGION")
        # `read` keeps the key out of the shell's history.
        command = (
            f"read -rs KEY && aws ssm put-parameter --region {region} --name {self._parameter} --type SecureString"
        )
        return {"parameter": self._parameter, "remedy": f'{command} --overwrite --value "$KEY"'}

    def _renew(self) -> None:
        self._last = self._fetch()
        self._valid_until = self._clock() + _MAX_AGE_SECONDS

    def _fetch(self) -> str:
        value = self._ask().strip()
        if not value:
            raise _UnreadableError("it is empty")
        if not value.isascii() or not value.isprintable():
            raise _UnreadableError("it has characters that no key has")
        return value

    def _ask(self) -> str:
        try:
            answer = self._ssm.call("GetParameter", {"Name": self._parameter, "WithDecryption": True})
            return str(answer["Parameter"]["Value"])
        except AwsError as error:
            if error.code:  # SSM's own refusal, and its last word
                raise _UnreadableError(str(error)) from None
            return self._ask_through_sdk()
        except (LookupError, TypeError):
            raise _UnreadableError("SSM answered without a value") from None
        finally:
            self._ssm.forget()  # the next read is a quarter of an hour away

    def _ask_through_sdk(self) -> str:
        """Boto3 knows more kinds of credentials and endpoints than the quick way; importing it takes half a second."""
        from aws_lambda_powertools.utilities.parameters import SSMProvider  # noqa: PLC0415  # see above
        from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        patience = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
        try:
            return str(SSMProvider(boto_config=patience).get(self._parameter, decrypt=True, force_fetch=True))
        except GetParameterError as error:
            raise _UnreadableError(str(error)) from None

    def _unavailable(self, reason: str) -> KeyUnavailableError:
        logger.error("The API key cannot be read", extra={"reason": reason, **self.remedy()})
        return KeyUnavailableError("This deployment's key for its model is not set up. Tell whoever runs it.")
