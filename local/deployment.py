"""The settings of the deployment, as they hold on one's own machine: without what is made in an account."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from stacks.settings import Settings


def local_settings(context: Mapping[str, Any]) -> Settings:
    """Return cdk.json's settings, but that nobody signs in and nothing is counted: there is no user pool, no table.

    Raises:
        SettingsError: They could not be deployed either.
    """
    return dataclasses.replace(
        Settings.from_context(context),
        sign_in="none",
        sign_in_issuer=None,
        sign_in_client_id=None,
        sign_in_audience=None,
        sign_in_required_claim=None,
        api_keys=False,
        daily_requests_per_person=None,
        daily_tokens_per_person=None,
        daily_tokens_total=None,
        concurrent_requests_per_person=None,
    )
