"""What a caller gets whose share is used up."""

from chat.errors import ApiError


class DailyLimitError(ApiError):
    """A daily limit leaves no room for this request."""

    status = 429
    kind = "rate_limit_error"
    code = "daily_limit_reached"


class ConcurrencyLimitError(ApiError):
    """As many answers of this person are under way as may be at once."""

    status = 429
    kind = "rate_limit_error"
    code = "concurrency_limit_reached"
