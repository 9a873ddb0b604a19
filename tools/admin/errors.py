"""What stops a command."""


class AdminError(Exception):
    """Something the person at the terminal can do something about; the message says what."""
