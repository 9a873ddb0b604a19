"""Who a request counts for, as a hash: the same every time, and neither a name nor an e-mail address."""

import hashlib
import hmac

# Everybody together, where nobody signs in.
ANONYMOUS = "anonymous"

# Vouches for the owners of API keys, as an issuer does for people.
API_KEYS = "api-keys"

_HEX_CHARS = 16  # 64 bits: no two people of one deployment meet


def subject_hash(salt: str, source: str, name: str) -> str:
    """The hash under which somebody's requests are logged and counted.

    Args:
        salt: Makes the hashes of two deployments differ.
        source: Who vouches for the name: an issuer, or `API_KEYS`.
        name: Stable and unique there, e.g. the claim `sub`.
    """
    return hmac.new(salt.encode(), f"{source}\n{name}".encode(), hashlib.sha256).hexdigest()[:_HEX_CHARS]
