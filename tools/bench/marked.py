"""Puts what was printed into documents, between two marks: `<!-- NAME -->` and `<!-- /NAME -->`."""

from collections.abc import Mapping
from pathlib import Path


class MarksMissingError(Exception):
    """A document has no place for what was measured."""


def replace(text: str, parts: Mapping[str, str]) -> str:
    """Return the document with what stands between its marks replaced.

    Args:
        text: The document.
        parts: By name, what may be put into it; it has the marks of one of them at least.

    Raises:
        MarksMissingError: It has the marks of none, or one without its other.
    """
    found = False
    for name, part in parts.items():
        before, begin, rest = text.partition(f"<!-- {name} -->")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if begin and end:
            text = f"{before}{begin}\n{part}{end}{after}"
            found = True
        elif begin or f"<!-- /{name} -->" in text:
            raise MarksMissingError(f"needs a line <!-- {name} --> and a line <!-- /{name} --> after it")
    if not found:
        wanted = " or ".join(f"<!-- {name} -->" for name in parts)
        raise MarksMissingError(f"needs a line {wanted}, and one that ends it")
    return text


def write(documents: list[Path], parts: Mapping[str, str]) -> None:
    """Rewrite documents; none of them if one has no marks.

    Raises:
        MarksMissingError: One of them has no place for what was measured; the message names it.
    """
    rewritten = {}
    for path in documents:
        try:
            rewritten[path] = replace(path.read_text(encoding="utf-8"), parts)
        except MarksMissingError as error:
            raise MarksMissingError(f"{path} {error}") from None
    for path, text in rewritten.items():
        path.write_text(text, encoding="utf-8")
