"""What the function prints, made readable on a terminal."""

import json

_TAKEN_FOR_GRANTED = {"level", "location", "message", "timestamp", "service", "xray_trace_id", "function_request_id"}


class Console:
    """Prints log lines.

    Args:
        verbose: Print them as they are, metrics too.
    """

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose

    def log(self, number: int, line: str) -> None:
        """Print a line of an execution environment; 0 is the Function URL."""
        if not self._verbose:
            line = _readable(line)
        if line:
            print(f"[{number}] {line}" if number else line, flush=True)


def _readable(line: str) -> str:
    """A structured line as plain words, without what it always says; nothing for metrics."""
    try:
        fields = json.loads(line)
    except ValueError:
        return line
    if not isinstance(fields, dict) or "message" not in fields:
        return "" if isinstance(fields, dict) and "_aws" in fields else line
    details = [f"{name}={value}" for name, value in fields.items() if name not in _TAKEN_FOR_GRANTED]
    return " ".join([str(fields.get("level", "")), str(fields["message"]), *details]).strip()
