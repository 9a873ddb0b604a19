"""An issuer on a real socket."""

from collections.abc import Iterator

import pytest

from tests.support.issuer import Issuer


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running
