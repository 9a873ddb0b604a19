"""An OpenID provider on this machine, for `make chat SIGN_IN=1` and tests: a real one, that takes any password."""

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from contracts.page_config import OidcSignIn

CLIENT_ID = "chat-page"
SCOPE = "chat/use"

_PROGRAM = Path(__file__).with_name("issuer.mjs")


class IssuerError(Exception):
    """It does not start; the message says why."""


class Issuer:
    """The provider's process, while the context lasts. It ends with us, however we end.

    Attributes:
        url: The issuer's.

    Raises:
        IssuerError: On entering: Node or the package is missing.
    """

    def __enter__(self) -> Self:
        node = shutil.which("node")
        if node is None:
            raise IssuerError("Node is not installed")
        self._process = subprocess.Popen(
            [node, _PROGRAM, CLIENT_ID, SCOPE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._process.stdout is None:
            raise IssuerError("it has no output")
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.__exit__(None, None, None)
            raise IssuerError("`npm --prefix local ci` has not been run, or what it printed is above")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.terminate()
        self._process.wait()

    @property
    def variables(self) -> dict[str, str]:
        """For the function."""
        return {
            "SIGN_IN": "oidc",
            "SIGN_IN_ISSUER": self.url,
            "SIGN_IN_CLIENT_ID": CLIENT_ID,
            "SIGN_IN_SCOPE": SCOPE,
        }

    @property
    def page(self) -> OidcSignIn:
        """For the page."""
        scopes = f"openid email {SCOPE}"
        return {"type": "oidc", "issuer": self.url, "clientId": CLIENT_ID, "scopes": scopes}
