"""Cross-origin rules of a Function URL: it answers preflights itself, and adds headers to the function's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from contracts.cors import EXPOSED_HEADERS, HEADERS, MAX_AGE_SECONDS, METHODS
from local.http1 import Exchange
from local.loopback import is_own_name


@dataclass(frozen=True)
class Cors:
    """The deployed Function URL's rules, for these origins; without origins there are none.

    Attributes:
        origins: `https://example.com`.
    """

    origins: Sequence[str] = ()

    def is_preflight(self, exchange: Exchange) -> bool:
        """Whether the URL answers this itself, instead of the function."""
        asks = exchange.header("origin") and exchange.header("access-control-request-method")
        return bool(self.origins and exchange.method == "OPTIONS" and asks)

    def answer_headers(self, exchange: Exchange) -> list[tuple[str, str]]:
        """What to add to an answer: nothing for an origin that is not allowed."""
        origin = exchange.header("origin")
        if origin not in self.origins:
            return []
        allowed = [
            ("access-control-allow-origin", origin),
            ("access-control-expose-headers", ",".join(EXPOSED_HEADERS)),
            ("vary", "Origin"),
        ]
        if self.is_preflight(exchange):
            allowed += [
                ("access-control-allow-methods", ",".join(METHODS)),
                ("access-control-allow-headers", ",".join(HEADERS)),
                ("access-control-max-age", str(MAX_AGE_SECONDS)),
            ]
        return allowed

    def is_foreign(self, exchange: Exchange) -> bool:
        """Whether a page elsewhere sent this: it could spend tokens of this machine's owner, if not read the answer."""
        origin = exchange.header("origin")
        return bool(origin) and origin not in self.origins and not is_own_name(urlsplit(origin).netloc)
