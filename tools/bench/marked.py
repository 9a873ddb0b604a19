"""Puts what was printed into documents, between two marks: `<!-- NAME -->` and `<!-- /NAME -->`."""

from pathlib import Path


class MarksMissingError(Exception):
    """A document has no place for the tables."""


def replace(text: str, name: str, tables: str) -> str:
    """The document with what stands between its marks replaced.

    Raises:
        MarksMissingError: It does not have both marks, in this order.
    """
    before, begin, rest = text.partition(f"<!-- {name} -->")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    if not (begin and end):
        raise MarksMissingError(f"needs a line <!-- {name} --> and a line <!-- /{name} --> after it")
    return f"{before}{begin}\n{tables}{end}{after}"


def write(documents: list[Path], name: str, tables: str) -> None:
    """Rewrite documents; none of them if one has no marks.

    Raises:
        MarksMissingError: One of them has no place for the tables; the message names it.
    """
    rewritten = {}
    for path in documents:
        try:
            rewritten[path] = replace(path.read_text(encoding="utf-8"), name, tables)
        except MarksMissingError as error:
            raise MarksMissingError(f"{path} {error}") from None
    for path, text in rewritten.items():
        path.write_text(text, encoding="utf-8")
