"""What upstream says, made fit for a header, a log line and a person's eyes."""

_CODE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_MAX_CODE_CHARS = 64


def clean(text: str, max_chars: int) -> str:
    """One line of at most `max_chars` printable characters; an ellipsis says that there was more."""
    printable = "".join(char if char.isprintable() else " " for char in text[: 4 * max_chars])
    line = " ".join(printable.split())
    return line if len(line) <= max_chars else f"{line[: max_chars - 1]}…"


def clean_code(text: str) -> str:
    """A code for programs: at most 64 of `A-Za-z0-9_.-`, each other character an underscore."""
    return "".join(char if char in _CODE else "_" for char in text[:_MAX_CODE_CHARS])
