"""Amazon Bedrock, without a key: requests are signed with the function's own role.

OpenAI's models take OpenAI's requests as they are; Claude, Nova and all others are spoken to through Converse.
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html
"""

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from chat.aws.credentials import NoCredentialsError, credentials
from chat.aws.service import endpoint
from chat.aws.signature import Credentials, sign
from chat.errors import KeyUnavailableError, NotOfferedError
from chat.http1.address import Address
from chat.log import logger
from chat.model.converse.request import converse_request
from chat.model.converse.streamed import StreamedConverse
from chat.model.converse.whole import WholeConverse
from chat.model.service import Request
from chat.model.transport import HttpAnswer

_HOST_NAME = "bedrock-runtime"
_SIGNED_AS = "bedrock"
_OPENAI = re.compile(r"([a-z-]+\.)?openai\.")  # perhaps with the region of an inference profile in front


class Bedrock:
    """Bedrock in this function's region, or where `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` says.

    Args:
        guardrail: Identifier and version of a guardrail, `id:version`; or none.
    """

    def __init__(self, guardrail: str | None) -> None:
        self._region = os.environ.get("AWS_REGION", "us-east-1")
        self.url = endpoint(_HOST_NAME, self._region)
        self._guardrail = guardrail.rpartition(":")[::2] if guardrail else None
        self._secrets: tuple[str, ...] = ()

    def request(self, body: bytes, path: str) -> Request:
        """As `Service.request`.

        Raises:
            NotOfferedError: Converse, which all models but OpenAI's are spoken to through, has chat completions only.
        """
        asked = json.loads(body)
        model = asked["model"]
        if _OPENAI.match(model):
            return self._signed(f"/openai/v1{path}", self._guardrail_headers(), body)
        if path != "/chat/completions":
            raise NotOfferedError(
                f"Amazon Bedrock does not offer {path} for the model {model!r}, only chat completions."
            )
        translation = json.dumps(converse_request(asked, self._guardrail), ensure_ascii=False).encode()
        converse = f"/model/{quote(model, safe='')}/converse"
        if not asked["stream"]:
            return self._signed(converse, {}, translation, lambda answer: WholeConverse(answer, model))
        accepted = {"accept": "application/vnd.amazon.eventstream"}
        return self._signed(f"{converse}-stream", accepted, translation, lambda answer: StreamedConverse(answer, model))

    def renewed(self, _request: Request) -> Request | None:
        """As `Service.renewed`: a role's credentials are never refused for being too old, Lambda exchanges them."""
        return None

    def redact(self, text: str) -> str:
        """As `Service.redact`: credentials, and the account and role that are in resource names."""
        for secret in self._secrets:
            text = text.replace(secret, "(credentials removed)")
        return re.sub(r"arn:aws[^\s,;\"']*", "(resource removed)", text)

    def remedy(self) -> dict[str, str]:
        """As `Service.remedy`."""
        return {"remedy": "See that the function's role may invoke the models in `models`, and deploy again."}

    def prepare(self) -> None:
        """As `Service.prepare`: what decodes frames of streams takes some time to import."""
        import botocore.eventstream  # noqa: F401, PLC0415  # see above

    def forget(self) -> None:
        """As `Service.forget`: credentials are asked for with each request."""

    def _guardrail_headers(self) -> dict[str, str]:
        if self._guardrail is None:
            return {}
        identifier, version = self._guardrail
        return {"x-amzn-bedrock-guardrailidentifier": identifier, "x-amzn-bedrock-guardrailversion": version}

    def _signed(
        self,
        path: str,
        headers: dict[str, str],
        body: bytes,
        translated: Callable[[HttpAnswer], HttpAnswer] | None = None,
    ) -> Request:
        address = Address(self.url)
        signed = sign(
            {**headers, "content-type": "application/json", "host": address.name},
            body,
            service=_SIGNED_AS,
            region=self._region,
            credentials=self._credentials(),
            now=datetime.now(UTC),
            path=address.target(path),
        )
        del signed["host"]  # the connection sends it
        return Request(path, signed, body, translated)

    def _credentials(self) -> Credentials:
        try:
            own = credentials()
        except NoCredentialsError as error:
            logger.error("There are no credentials to sign requests with", extra={"reason": str(error)})
            raise KeyUnavailableError(
                "This deployment has no credentials for its model. Tell whoever runs it.", reason=str(error)
            ) from None
        self._secrets = tuple(filter(None, (own.secret_key, own.session_token, own.access_key)))
        return own
