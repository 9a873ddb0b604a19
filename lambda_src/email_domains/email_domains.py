"""Cognito's pre sign-up trigger, inline in the template: refuses addresses of other domains, whoever invites them."""

import os
from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the event as it came.

    Raises:
        ValueError: The address belongs to a domain that is not allowed.
    """
    address = event["request"]["userAttributes"].get("email", "")
    if address.rpartition("@")[2].lower() not in os.environ["EMAIL_DOMAINS"].split(","):
        raise ValueError("addresses of this domain are not allowed")
    return event
