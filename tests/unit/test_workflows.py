"""What GitHub's jobs may do, and that those who may do more run less."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS_OF = ("actions/", "aws-actions/")


def jobs(workflow: Path) -> dict[str, Any]:
    content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert content["permissions"] == {}, "each job asks for its own"
    found: dict[str, Any] = content["jobs"]
    return found


def test_only_the_deployment_can_be_somebody_in_aws_and_it_runs_the_cdk_alone() -> None:
    privileged = [
        (name, job)
        for workflow in WORKFLOWS
        for name, job in jobs(workflow).items()
        if job["permissions"].get("id-token")
    ]

    [(name, deploy)] = privileged
    assert name == "deploy"
    assert [step["run"].split()[0:2] for step in deploy["steps"] if "run" in step] == [
        ["npm", "ci"],
        ["tar", "-xf"],
        ["node_modules/.bin/cdk", "--app"],
    ]
    [install] = [step["run"] for step in deploy["steps"] if step.get("run", "").startswith("npm")]
    assert "--ignore-scripts" in install
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert set(lock["packages"]) == {"", "node_modules/aws-cdk"}


def test_the_job_that_builds_what_is_deployed_has_no_credentials() -> None:
    build = jobs(ROOT / ".github" / "workflows" / "main.yml")["build"]

    assert build["permissions"] == {"contents": "read"}
    assert "environment" not in build
    assert not [step for step in build["steps"] if "aws" in step.get("uses", "")]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_of_their_vendors_and_pinned_by_commit(workflow: Path) -> None:
    used = [step["uses"] for job in jobs(workflow).values() for step in job.get("steps", []) if "uses" in step]

    for action in used:
        name, _, commit = action.partition("@")
        assert name.startswith(ACTIONS_OF), action
        assert len(commit) == 40, action
