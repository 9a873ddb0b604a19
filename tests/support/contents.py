"""What is in a folder."""

from pathlib import Path


def contents(tree: Path) -> dict[str, tuple[int, bytes]]:
    """Return mode and content of every file."""
    return {
        str(path.relative_to(tree)): (path.stat().st_mode & 0o777, path.read_bytes())
        for path in tree.rglob("*")
        if path.is_file()
    }
