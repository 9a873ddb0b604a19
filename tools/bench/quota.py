"""A share of a CPU, as Lambda gives it with a memory size: Linux's CFS bandwidth control, which needs root."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PERIOD_US = 20_000
_V1 = Path("/sys/fs/cgroup/cpu")
_V2 = Path("/sys/fs/cgroup")


class NoQuotaError(Exception):
    """This machine cannot limit a process's CPU; the message says what is missing."""


@contextmanager
def quota(share: float) -> Iterator[Path]:
    """A control group whose processes together get this share of one CPU.

    Args:
        share: 1 is one CPU.

    Yields:
        The file that a process writes its id to in order to join.

    Raises:
        NoQuotaError: Not on this machine, or not for this user.
    """
    version_1 = (_V1 / "cpu.cfs_quota_us").exists()
    group = (_V1 if version_1 else _V2) / f"bench-{os.getpid()}"
    limit = str(max(1000, int(share * PERIOD_US)))
    try:
        group.mkdir()
        try:
            if version_1:
                (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
                (group / "cpu.cfs_quota_us").write_text(limit)
            else:
                (group / "cpu.max").write_text(f"{limit} {PERIOD_US}")
            yield group / "cgroup.procs"
        finally:
            with suppress(OSError):
                group.rmdir()
    except OSError as error:
        raise NoQuotaError(f"needs Linux's CPU control group, and root: {error}") from None
