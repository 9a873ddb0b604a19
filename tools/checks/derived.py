"""Writes the files that are derived from declarations: `make settings` runs it, and a test fails when they differ.

python -m tools.checks.derived
"""

import sys
from pathlib import Path

from tools.checks.page_type import page_type
from tools.checks.settings_table import embed

ROOT = Path(__file__).resolve().parents[2]


def derived() -> dict[Path, str]:
    """Return what each of these files should contain."""
    table = ROOT / "docs" / "settings.md"
    return {
        table: embed(table.read_text(encoding="utf-8")),
        ROOT / "web" / "src" / "core" / "page-config.ts": page_type(),
    }


def main() -> int:
    """Write them."""
    for file, text in derived().items():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
