"""Removes from an installed dependency tree what no run of the function reads: mostly other services' API models."""

import shutil
from collections.abc import Iterable
from pathlib import Path

# AWS services whose API model botocore must find. A client for any other raises UnknownServiceError.
BOTOCORE_SERVICES = ("ssm",)

_USELESS = (
    ".lock",  # uv's
    "bin",  # command-line entry points
    "boto3/data",  # boto3.resource(); boto3.client() reads botocore's models
    "boto3/examples",
    "*/tests",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui",  # a documentation page
    "**/__pycache__",
    "**/*.pyi",
    "**/*.md",
    "**/py.typed",
    "**/examples-1.json",
)


def trim(tree: Path, *, services: Iterable[str] = BOTOCORE_SERVICES) -> None:
    """Trim an installed tree in place."""
    for pattern in _USELESS:
        for path in list(tree.glob(pattern)):
            _remove(path)
    wanted = set(services)
    for path in list(tree.glob("botocore/data/*")):
        if path.is_dir() and path.name not in wanted:
            _remove(path)
    for path in list(tree.glob("*.dist-info")):
        _trim_metadata(path)


def _trim_metadata(dist_info: Path) -> None:
    # httpx2 calls importlib.metadata.version() at import: METADATA's headers stay, the README below them does not.
    metadata = dist_info / "METADATA"
    headers, _, _ = metadata.read_text(encoding="utf-8").partition("\n\n")
    metadata.write_text(headers + "\n", encoding="utf-8")
    for path in list(dist_info.iterdir()):
        if path.name != "METADATA" and not path.name.startswith(("licenses", "LICENSE", "NOTICE")):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
