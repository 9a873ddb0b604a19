"""Cross-origin rules of a Function URL: it answers preflights itself, and adds its headers to the function's answers.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from local.http1 import Exchange
from local.loopback import is_own_name


@dataclass(frozen=True)
class Cors:
    """What a Function URL's `Cors` property holds; without origins there are no rules.

    Attributes:
        origins: `https://example.com`, or `*` for any.
        methods: Allowed in a preflight.
        headers: Allowed in a preflight.
        max_age_seconds: How long a browser may remember a preflight.
    """

    origins: Sequence[str] = ()
    methods: Sequence[str] = ("*",)
    headers: Sequence[str] = ("*",)
    max_age_seconds: int = 300

    def is_preflight(self, exchange: Exchange) -> bool:
        """Whether the URL answers this itself, instead of the function."""
        asks = exchange.header("origin") and exchange.header("access-control-request-method")
        return bool(self.origins and exchange.method == "OPTIONS" and asks)

    def answer_headers(self, exchange: Exchange) -> list[tuple[str, str]]:
        """What to add to an answer: nothing for an origin that is not allowed."""
        origin = exchange.header("origin")
        if not origin or not self._allows(origin):
            return []
        allowed = [("access-control-allow-origin", origin), ("vary", "Origin")]
        if self.is_preflight(exchange):
            allowed += [
                ("access-control-allow-methods", ",".join(self.methods)),
                ("access-control-allow-headers", ",".join(self.headers)),
                ("access-control-max-age", str(self.max_age_seconds)),
            ]
        return allowed

    def is_foreign(self, exchange: Exchange) -> bool:
        """Whether a page elsewhere sent this: it could spend tokens of this machine's owner, if not read the answer."""
        origin = exchange.header("origin")
        return bool(origin) and not self._allows(origin) and not is_own_name(urlsplit(origin).netloc)

    def _allows(self, origin: str) -> bool:
        return "*" in self.origins or origin in self.origins
