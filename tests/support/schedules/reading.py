"""An event stream read as the specification says, independently of the code under test.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import re


def data_of(stream: bytes) -> list[str]:
    """The data of each event that is complete, in order."""
    text = stream.decode("utf-8", errors="replace").removeprefix("\ufeff")
    *lines, _unfinished = re.split(r"\r\n|\n|\r", text)
    found: list[str] = []
    buffer: list[str] = []
    for line in lines:
        if not line:
            if buffer:
                found.append("\n".join(buffer))
            buffer = []
            continue
        field, _, value = line.partition(":")
        if field == "data":
            buffer.append(value.removeprefix(" "))
    return found
