"""The secrets that tests use, remembered, so that one check at the end can look for all of them in every log."""

USED: set[str] = set()


def secret(value: str) -> str:
    """Remember a value that must not be logged, and return it."""
    USED.add(value)
    return value


def content(text: str) -> str:
    """Remember what somebody says to a model, and return it. A single word or two may be in a log for other reasons."""
    if len(text.split()) > 2:
        USED.add(text)
    return text
