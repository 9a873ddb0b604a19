"""Which part of the code may import which: the table, what is so, and whether the two agree.

`python -m tools.checks.architecture` prints the arrows as a Mermaid flowchart, and fails if one is not in the table.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Each part, from the top down, and what it may import of the others. A part may only import parts below it.
MAY_IMPORT: dict[str, str] = {
    "app": "stacks bundle",
    "tools": "stacks local bundle contracts chat.auth chat.limits",
    "local": "stacks bundle contracts chat.settings",
    "stacks": "bundle contracts chat.auth chat.limits chat.settings chat.declaration chat.kinds",
    "bundle": "contracts",
    "contracts": "chat.declaration",
    "chat.handler": "chat.application chat.exchange chat.warm_up chat.model chat.auth chat.limits chat.aws"
    " chat.settings streaming_runtime",
    "chat.warm_up": "",
    "chat.application": "chat.exchange chat.answer chat.request chat.auth chat.limits chat.record chat.settings"
    " chat.errors chat.log streaming_runtime",
    "chat.exchange": "chat.answer chat.limits chat.settings chat.usage chat.errors streaming_runtime",
    "chat.answer": "chat.record chat.usage chat.errors chat.log streaming_runtime",
    "chat.request": "chat.settings chat.usage chat.errors",
    "chat.model": "chat.aws chat.http1 chat.settings chat.errors chat.log",
    "chat.limits": "chat.aws chat.settings chat.usage chat.errors chat.log",
    "chat.auth": "chat.aws chat.http1 chat.settings chat.errors chat.log",
    "chat.settings": "chat.declaration chat.kinds",
    "chat.declaration": "chat.kinds",
    "chat.kinds": "",
    "chat.record": "chat.usage chat.errors chat.log",
    "chat.aws": "chat.http1 chat.errors chat.log",
    "chat.http1": "",
    "chat.usage": "",
    "chat.errors": "",
    "chat.log": "",
    "chat": "",
    "email_domains": "",
    "streaming_runtime": "",
}

_FOLDERS = ("bundle", "contracts", "lambda_src", "local", "stacks", "tools")


def part_of(module: str) -> str | None:
    """The part that a module belongs to: the longest name in the table that it begins with."""
    names = module.split(".")
    prefixes = (".".join(names[:length]) for length in range(len(names), 0, -1))
    return next((prefix for prefix in prefixes if prefix in MAY_IMPORT), None)


def arrows(root: Path = ROOT) -> dict[tuple[str, str], list[str]]:
    """The imports between parts: from which to which, and the modules that have them."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in [root / "app.py", *(path for folder in _FOLDERS for path in sorted((root / folder).rglob("*.py")))]:
        if "node_modules" in path.parts:
            continue
        module = ".".join(path.relative_to(root).with_suffix("").parts).removeprefix("lambda_src.")
        source = part_of(module.removesuffix(".__init__"))
        if source is None:
            raise ValueError(f"{module} belongs to no part of the table")
        for imported in _imports(path):
            target = part_of(imported)
            if target is not None and target != source:
                found.setdefault((source, target), []).append(module)
    return found


def forbidden(found: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """What is not in the table, or goes up in it; one line each."""
    order = list(MAY_IMPORT)
    wrong = [
        f"{source} may not import {target}: {', '.join(sorted(set(modules)))}"
        for (source, target), modules in found.items()
        if target not in MAY_IMPORT[source].split()
    ]
    climbing = [
        f"{source} is below {target} in the table"
        for source, targets in MAY_IMPORT.items()
        for target in targets.split()
        if order.index(target) <= order.index(source)
    ]
    return wrong + climbing


def mermaid(found: Mapping[tuple[str, str], list[str]]) -> str:
    """The arrows as a flowchart."""
    return "\n".join(["flowchart TD", *(f"    {source} --> {target}" for source, target in sorted(found))])


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


if __name__ == "__main__":
    imports = arrows()
    print(mermaid(imports))
    if wrong := forbidden(imports):
        sys.exit("\n".join(wrong))
