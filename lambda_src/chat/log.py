"""The function's log: structured lines, never with what people write."""

import traceback

from aws_lambda_powertools import Logger

logger = Logger()


def log_defect(error: Exception) -> None:
    """Log an exception that should not have happened: its type and where, not its message, which may have content."""
    where = traceback.format_tb(error.__traceback__)
    logger.error("defect", extra={"exception": type(error).__name__, "traceback": where})
