"""The settings as a Markdown table: docs/settings.md has it between two markers."""

import json

from stacks.settings import Settings, declared, readers

BEGIN = "<!-- settings -->"
END = "<!-- /settings -->"


def table() -> str:
    """Return all settings as a Markdown table."""
    defaults = Settings()
    rows = ["| setting | default | accepted | meaning | read by |", "|---|---|---|---|---|"]
    rows += [
        f"| `{key}` | {_shown(getattr(defaults, key))} | {setting.kind.accepts} | {setting.meaning} "
        f"| {', '.join(readers(key)) or 'stack'} |"
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


def _shown(default: object) -> str:
    if default in (None, "", ()):
        return "nothing"
    if isinstance(default, tuple):
        return ", ".join(f"`{item}`" for item in default)
    return f"`{json.dumps(default) if isinstance(default, bool) else default}`"
