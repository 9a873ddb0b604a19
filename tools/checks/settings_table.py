"""Writes the table of settings from the declarations, so that the documentation cannot disagree with the code.

python -m tools.checks.settings_table            # print it
python -m tools.checks.settings_table FILE …     # put it between the markers in each file
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from stacks.settings import Settings, declared, readers

BEGIN = "<!-- settings -->"
END = "<!-- /settings -->"


def table() -> str:
    """Return all settings as a Markdown table."""
    defaults = Settings()
    rows = ["| setting | default | accepted | meaning | read by |", "|---|---|---|---|---|"]
    rows += [
        f"| `{key}` | {_shown(getattr(defaults, key))} | {setting.kind.accepts} | {setting.meaning} "
        f"| {', '.join(['stack', *readers(key)])} |"
        for key, setting in declared().items()
    ]
    return "\n".join(rows)


def embed(document: str) -> str:
    """Return a document with what is between its markers replaced by the table.

    Raises:
        ValueError: The markers are missing.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the markers {BEGIN} and {END} are missing")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _shown(default: Any) -> str:  # noqa: ANN401 - settings have many types
    if default in (None, "", ()):
        return "nothing"
    if isinstance(default, tuple):
        return ", ".join(f"`{item}`" for item in default)
    return f"`{json.dumps(default) if isinstance(default, bool) else default}`"


def main() -> int:
    """Print the table, or put it into files."""
    parser = argparse.ArgumentParser(prog="python -m tools.checks.settings_table", description="The table of settings.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=f"a document with {BEGIN} and {END}")
    files = parser.parse_args().files
    if not files:
        print(table())
    for file in files:
        file.write_text(embed(file.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
