import json
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment, App, Validations
from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct

import stacks.acknowledgments
from stacks.chat_stack import ChatStack
from stacks.settings import Settings, cdk_json_context

AddStack = Callable[[App, Settings], ChatStack]


class OnlyRemembers:
    """Stands for the CDK's Validations: keeps what would be acknowledged, acknowledges nothing."""

    def __init__(self) -> None:
        self.rules: list[str] = []

    def of(self, construct: IConstruct) -> "OnlyRemembers":
        del construct
        return self

    def acknowledge(self, *acknowledgments: Acknowledgment) -> None:
        self.rules += [acknowledgment.id for acknowledgment in acknowledgments]


def nagged(out: Path) -> App:
    app = App(context=cdk_json_context(), outdir=str(out))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def found(out: Path) -> list[str]:
    """Return the rules that the report names, once for each resource. Without findings cdk-nag is not in it at all."""
    report = json.loads((out / "validation-report.json").read_text(encoding="utf-8"))
    violations = [violation for plugin in report["pluginReports"] for violation in plugin["violations"]]
    return [violation["ruleName"] for violation in violations for _ in violation["violatingConstructs"]]


def test_every_acknowledgment_is_for_one_finding_that_cdk_nag_really_has(
    add_stack: AddStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered = OnlyRemembers()
    monkeypatch.setattr(stacks.acknowledgments, "Validations", remembered)
    app = nagged(tmp_path)
    add_stack(app, Settings())

    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()

    assert sorted(found(tmp_path)) == sorted(remembered.rules)
