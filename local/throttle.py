"""How fast Lambda passes a streamed response on: the first part at once, then at a steady rate.

https://docs.aws.amazon.com/lambda/latest/dg/config-rs-invoke-furls.html gives the figures; the token bucket is that of
AWS's own server (aws-lambda-runtime-interface-emulator, core/bandwidthlimiter), which fills it eight times a second.
"""

import asyncio
from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Bandwidth:
    """Of one streamed response.

    Attributes:
        burst_bytes: What may pass at once.
        bytes_per_second: The rate from then on.
    """

    burst_bytes: int = 6 * _MIB
    bytes_per_second: int = 2 * _MIB


class Throttle:
    """A token bucket, full at first."""

    def __init__(self, bandwidth: Bandwidth) -> None:
        self._bandwidth = bandwidth
        self._tokens: float = bandwidth.burst_bytes
        self._filled_at = asyncio.get_running_loop().time()

    async def take(self, size: int) -> None:
        """Wait until so many bytes may pass."""
        now = asyncio.get_running_loop().time()
        gained = (now - self._filled_at) * self._bandwidth.bytes_per_second
        self._tokens = min(self._bandwidth.burst_bytes, self._tokens + gained) - size
        self._filled_at = now
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self._bandwidth.bytes_per_second)
