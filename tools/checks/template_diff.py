"""Says in Markdown how two syntheses differ, with what concerns permissions and the network set apart.

    python -m tools.checks.template_diff BASE/cdk.out HEAD/cdk.out

Resource by resource and property by property; what only has another asset, or another place in the tree, is no
difference. Standard library only.
"""

import argparse
import difflib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIMIT = 60_000  # GitHub takes 65,536 characters in a comment

# Kinds of resource that say who may do what, or who may reach what.
_GUARDED = re.compile(
    r"AWS::IAM::|AWS::EC2::SecurityGroup|AWS::EC2::NetworkAcl|AWS::KMS::|AWS::WAFv2::|AWS::Cognito::"
    r"|AWS::Lambda::(Permission|Url)$|AWS::CloudFront::OriginAccessControl$|Policy$"
)

Resource = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One resource that differs.

    Attributes:
        sign: `+` new, `-` gone, `~` changed.
        name: Stack and logical id.
        kind: CloudFormation's type, `AWS::…`.
        lines: A unified diff of its content.
    """

    sign: str
    name: str
    kind: str
    lines: list[str]

    @property
    def is_guarded(self) -> bool:
        """Whether it has to do with permissions or the network."""
        return _GUARDED.search(self.kind) is not None


def compare(base: dict[str, Resource], head: dict[str, Resource]) -> list[Difference]:
    """Return what differs between two sets of resources, by name."""
    differences = []
    for name in sorted(base.keys() | head.keys()):
        before, after = base.get(name), head.get(name)
        lines = list(difflib.unified_diff(_lines(before), _lines(after), lineterm="", n=2))[2:]
        if lines:
            sign = "+" if before is None else "-" if after is None else "~"
            kind = (after or before or {})["Type"]
            differences.append(Difference(sign, name, kind, lines))
    return differences


def read(assembly: Path) -> dict[str, Resource]:
    """Return all resources, and the outputs, of the stacks that a synthesis made, by stack and logical id.

    Which stacks there are says the manifest: templates of earlier syntheses may lie beside them.

    Raises:
        OSError: There is no synthesis.
    """
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    found: dict[str, Resource] = {}
    for stack, artifact in sorted(manifest["artifacts"].items()):
        if artifact["type"] != "aws:cloudformation:stack":
            continue
        template = json.loads((assembly / artifact["properties"]["templateFile"]).read_text(encoding="utf-8"))
        for name, resource in template.get("Resources", {}).items():
            found[f"{stack}/{name}"] = {key: value for key, value in resource.items() if key != "Metadata"}
        for name, output in template.get("Outputs", {}).items():
            found[f"{stack}/{name}"] = {"Type": "Output", **output}
    return found


def markdown(differences: list[Difference]) -> str:
    """Return the differences for a person to read, those about permissions and the network first."""
    if not differences:
        return "## What this changes in AWS\n\nNothing but code: the templates are the same.\n"
    guarded = [one for one in differences if one.is_guarded]
    other = [one for one in differences if not one.is_guarded]
    blocks = ["## What this changes in AWS\n\n"]
    if guarded:
        blocks.append(f"### Permissions and network ({len(guarded)})\n\n")
        blocks += [_block(one, "<details open>") for one in guarded]
    else:
        blocks.append("No change to permissions or the network.\n\n")
    if other:
        blocks.append(f"### Everything else ({len(other)})\n\n")
        blocks += [_block(one, "<details>") for one in other]
    text = ""
    for block in blocks:
        if len(text) + len(block) > _LIMIT:
            return f"{text}**Cut here: {len(differences)} resources differ.** `make synth` and `cdk diff` show all.\n"
        text += block
    return text


def _block(one: Difference, details: str) -> str:
    content = "\n".join(one.lines)
    # Longer than any fence that the content could hold, so that it cannot end the block.
    fence = "`" * (max((len(run) for run in re.findall(r"`+", content)), default=2) + 1)
    summary = f"<summary><code>{one.sign} {one.name}</code> {one.kind}</summary>"
    return f"{details}{summary}\n\n{fence}diff\n{content}\n{fence}\n</details>\n\n"


def _lines(resource: Resource | None) -> list[str]:
    if resource is None:
        return []
    text = json.dumps(resource, indent=1, sort_keys=True, ensure_ascii=False)
    return re.sub(r"\b[0-9a-f]{64}\b", "ASSET", text).splitlines()


def main() -> int:
    """Compare from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.checks.template_diff", description="The difference of two syntheses, in Markdown."
    )
    parser.add_argument("base", type=Path, help="the cdk.out before")
    parser.add_argument("head", type=Path, help="the cdk.out after")
    options = parser.parse_args()
    try:
        base, head = read(options.base), read(options.head)
    except OSError as error:
        parser.error(f"{error.filename} is missing: make synth")
    sys.stdout.write(markdown(compare(base, head)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
