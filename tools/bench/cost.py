"""What 1,000 chats cost, from AWS's published prices."""

from dataclasses import dataclass

CHATS = 1_000
SECONDS = 15
_HOURS_A_MONTH = 730

# US East (N. Virginia), on demand, without free tier: AWS's price list, from public copies of it. The prices of today:
# https://aws.amazon.com/lambda/pricing/ and https://aws.amazon.com/fargate/pricing/
WHERE = (
    "us-east-1, on demand, without the free tier, from copies of AWS's price list "
    "(Lambda's of 2026-08-31, Fargate's of 2026-08-28)"
)
GB_SECOND = 0.0000133334  # Lambda, arm64
REQUEST = 0.20 / 1_000_000
VCPU_HOUR = 0.03238  # Fargate, Linux on arm64
GB_HOUR = 0.00356
CONTAINER_VCPU = 0.25
CONTAINER_GB = 0.5

MEMORY_MB = (256, 512, 1024, 1769)


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the table."""

    what: str
    chats_usd: float | None
    idle_month_usd: float


def chats_usd(memory_mb: int) -> float:
    """1,000 chats on Lambda."""
    return CHATS * (SECONDS * memory_mb / 1024 * GB_SECOND + REQUEST)


def container_month_usd() -> float:
    """One always-on container, for a month."""
    return _HOURS_A_MONTH * (CONTAINER_VCPU * VCPU_HOUR + CONTAINER_GB * GB_HOUR)


def costs() -> list[Cost]:
    """A line for each memory size, and one for the container."""
    lambdas = [Cost(f"Lambda arm64, {memory:,} MB", chats_usd(memory), 0.0) for memory in MEMORY_MB]
    container = Cost(f"Fargate arm64, {CONTAINER_VCPU} vCPU, {CONTAINER_GB} GB, one task", None, container_month_usd())
    return [*lambdas, container]


def chats_for_a_container(memory_mb: int) -> int:
    """How many chats a month on Lambda cost what the container costs."""
    return int(container_month_usd() / chats_usd(memory_mb) * CHATS)
