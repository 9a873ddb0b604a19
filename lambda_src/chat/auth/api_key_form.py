"""What an API key looks like, and what the table has of it: for the function, and for `tools.admin`, which mints it."""

import hashlib
import re
import secrets

# Lets people, and secret scanners, see what an API key is.
PREFIX = "lsc_"

# Of the names of all keys' items.
ITEM_PREFIX = "key#"

_RANDOM_BYTES = 32


def new_key() -> str:
    """Return an API key that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def has_form(key: str) -> bool:
    """Whether something may be an API key at all."""
    return re.fullmatch(PREFIX + r"[A-Za-z0-9_-]{43}", key) is not None


def item_key(key: str) -> str:
    """Return the name under which the table has an API key: its SHA-256, so that whoever reads it cannot use it."""
    return f"{ITEM_PREFIX}{hashlib.sha256(key.encode()).hexdigest()}"
