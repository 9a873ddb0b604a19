"""What a caller is told who has used up a day's share."""

from chat.errors import ApiError


class DailyLimitError(ApiError):
    """A daily limit leaves no room for this request."""

    status = 429
    kind = "rate_limit_error"
    code = "daily_limit_reached"
