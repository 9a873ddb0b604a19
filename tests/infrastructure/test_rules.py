import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment, App, Validations
from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct

import stacks.acknowledgments
from stacks.chat_stack import ChatStack
from stacks.settings import Settings, cdk_json_context
from tests.support.template import Template

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


@pytest.mark.parametrize("exposure", ["cloudfront", "direct"])
def test_cdk_nag_finds_nothing_that_is_not_acknowledged(add_stack: AddStack, tmp_path: Path, exposure: str) -> None:
    app = nagged(tmp_path)
    add_stack(app, Settings(exposure=exposure))

    app.synth()

    assert found(tmp_path) == []


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


def test_cfn_lint_finds_nothing_in_either_template(template: Template, direct: Template) -> None:
    # W3005: a dependency that a reference already makes. The CDK writes them for its own functions and ours.
    templates = [str(template.file), str(direct.file)]
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", "W3005", "--", *templates]

    lint = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


EVERYTHING = {
    "snap_start": True,
    "tracing": True,
    "alarm_email": "ops@example.com",
    "daily_tokens_alarm": 5_000_000,
    "price_input_tokens": 0.75,
    "price_output_tokens": 4.5,
    "domain_name": "chat.example.com",
    "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000",
    "hosted_zone_id": "Z0123456789ABCDEF",
    "access_logs": True,
    "allowed_countries": "DE,JP",
    "tags": "team=support",
    "termination_protection": True,
}


def test_nor_do_they_find_anything_with_everything_switched_on(
    add_stack: AddStack, synthesize: Callable[..., Template], tmp_path: Path
) -> None:
    app = nagged(tmp_path)
    add_stack(app, Settings.from_context(EVERYTHING))
    app.synth()
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", "W3005", "--"]

    lint = subprocess.run([*command, str(synthesize(**EVERYTHING).file)], capture_output=True, text=True, check=False)

    assert found(tmp_path) == []
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")
