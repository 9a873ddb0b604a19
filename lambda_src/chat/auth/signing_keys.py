"""An issuer's public keys: found through its discovery document, kept for an hour, looked for again when one is new."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import jwt

from chat.auth.errors import SignInUnavailableError
from chat.auth.fetch import FetchError, fetch_json
from chat.log import logger

ALGORITHMS = frozenset({"RS256", "ES256"})

_MAX_AGE_SECONDS = 3600
_REFETCH_SECONDS = 60  # between two searches for a key that is not there, whoever asks for it
_FAILURE_PAUSE_SECONDS = 5  # an issuer that is down does not cost every request the time-out
_MIN_RSA_BITS = 2048
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


class SigningKeys:
    """The keys of one issuer, by key id.

    Args:
        issuer: Its identifier, the URL that its discovery document is under.
        clock: Seconds since whenever. The wall clock: a frozen Lambda environment does not notice time by others.
    """

    def __init__(self, issuer: str, clock: Callable[[], float] = time.time) -> None:
        self._issuer = issuer
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fresh_until = self._quiet_until = float("-inf")
        self._failed = False
        self._lock = threading.Lock()  # preparing takes place beside the first request

    def find(self, key_id: str) -> jwt.PyJWK | None:
        """The key of that id; `None` if the issuer has no such key.

        Raises:
            SignInUnavailableError: The issuer's keys cannot be had.
        """
        with self._lock:
            now = self._clock()
            if now >= self._fresh_until or key_id not in self._keys:
                self._refresh(now)
            return self._keys.get(key_id)

    def prepare(self) -> None:
        """Fetch the keys before they are needed; if that fails, it is tried again when they are."""
        with self._lock:
            with suppress(SignInUnavailableError):
                self._refresh(self._clock())
            if self._failed:
                self._quiet_until = float("-inf")

    def _refresh(self, now: float) -> None:
        if now < self._quiet_until:
            if self._failed:
                raise SignInUnavailableError
            return
        self._quiet_until = now + (_FAILURE_PAUSE_SECONDS if now >= self._fresh_until else _REFETCH_SECONDS)
        self._failed = True
        try:
            keys = _fetch_keys(self._issuer)
        except FetchError as error:
            logger.error("The issuer's keys cannot be read", extra={"issuer": self._issuer, "reason": str(error)})
            raise SignInUnavailableError from None
        self._keys, self._failed = keys, False
        self._fresh_until = now + _MAX_AGE_SECONDS
        self._quiet_until = now + _REFETCH_SECONDS


def _fetch_keys(issuer: str) -> dict[str, jwt.PyJWK]:
    document = fetch_json(f"{issuer.removesuffix('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise FetchError("the discovery document names another issuer: sign_in_issuer must be written exactly like it")
    address = document.get("jwks_uri")
    if not isinstance(address, str) or not _is_safe_url(address, loopback=issuer.startswith("http://")):
        raise FetchError("the discovery document has no safe jwks_uri")
    entries = fetch_json(address).get("keys")
    if not isinstance(entries, list):
        raise FetchError("jwks_uri does not have a list of keys")
    return {entry["kid"]: key for entry in entries if (key := _usable(entry))}


def _is_safe_url(value: str, *, loopback: bool) -> bool:
    """Whether keys may come from this URL: https, or http on this machine if `loopback` allows it."""
    try:
        parts = urlsplit(value)
        secure = parts.scheme == "https" or (loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK_HOSTS)
        return secure and bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        return False


def _usable(entry: object) -> jwt.PyJWK | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or entry.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK(entry)
    except (jwt.PyJWTError, ValueError, TypeError, ArithmeticError):  # PyJWT looks `alg` up, whatever it is
        return None
    if key.algorithm_name not in ALGORITHMS or (key.key_type == "RSA" and key.key.key_size < _MIN_RSA_BITS):
        return None
    return key
