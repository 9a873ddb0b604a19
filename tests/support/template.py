"""A synthesized CloudFormation template, for assertions."""

import json
from pathlib import Path
from typing import Any

Resource = dict[str, Any]


class Template:
    """A template's resources, found by type and logical id."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    def all(self, kind: str) -> dict[str, Resource]:
        """Return the properties of all resources of a type, by logical id."""
        resources = self.content["Resources"].items()
        return {name: resource["Properties"] for name, resource in resources if resource["Type"] == kind}

    def one(self, kind: str, beginning: str = "") -> Resource:
        """Return the properties of the only resource of a type whose logical id begins so."""
        found = [properties for name, properties in self.all(kind).items() if name.startswith(beginning)]
        assert len(found) == 1, f"{len(found)} resources of {kind}"
        return found[0]
