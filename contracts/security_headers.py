"""The headers that the page is served with, by CloudFront and by the local server: web/security-headers.json."""

import json
from collections.abc import Iterable
from pathlib import Path

_CONNECT = "connect-src 'self'"


def page_headers(file: Path, origins: Iterable[str] = ()) -> dict[str, str]:
    """Return the headers, names in lower case.

    Args:
        file: The headers as JSON.
        origins: Where the page may connect to besides its own origin.

    Raises:
        ValueError: The Content-Security-Policy has no place for them.
    """
    headers = {name.lower(): value for name, value in json.loads(file.read_text(encoding="utf-8")).items()}
    policy = headers["content-security-policy"]
    if _CONNECT not in policy:
        raise ValueError(f"Content-Security-Policy: there is no {_CONNECT} in {policy!r}")
    return headers | {"content-security-policy": policy.replace(_CONNECT, " ".join([_CONNECT, *origins]))}
