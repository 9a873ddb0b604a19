import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.checks.template_diff import compare, markdown, read

ROOT = Path(__file__).parents[4]
HASH = "0123456789abcdef" * 4


def resource(kind: str, **properties: Any) -> dict[str, Any]:  # noqa: ANN401  # a template's
    return {"Type": kind, "Properties": properties}


def written(folder: Path, resources: dict[str, Any]) -> Path:
    folder.mkdir()
    (folder / "chat.template.json").write_text(json.dumps({"Resources": resources}))
    # As the CDK writes it, beside other kinds of artifact.
    artifacts = {
        "chat": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "chat.template.json"}},
        "chat.assets": {"type": "cdk:asset-manifest", "properties": {"file": "chat.assets.json"}},
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
    }
    (folder / "manifest.json").write_text(json.dumps({"version": "55.4.0", "artifacts": artifacts}))
    return folder


def test_equal_templates_have_no_difference() -> None:
    resources = {"A": resource("AWS::S3::Bucket")}

    assert "Nothing but code" in markdown(compare(resources, resources))


def test_another_asset_is_no_difference() -> None:
    before = {"F": resource("AWS::Lambda::Function", Code=f"{HASH}.zip")}
    after = {"F": resource("AWS::Lambda::Function", Code=f"{HASH[::-1]}.zip")}

    assert compare(before, after) == []


def test_a_changed_permission_is_set_apart_from_the_rest() -> None:
    before = {
        "F": resource("AWS::Lambda::Function", MemorySize=512),
        "P": resource("AWS::IAM::Policy", Action="ssm:GetParameter"),
    }
    after = {
        "F": resource("AWS::Lambda::Function", MemorySize=1024),
        "P": resource("AWS::IAM::Policy", Action="ssm:*"),
    }

    guarded, other = markdown(compare(before, after)).split("### Everything else")

    assert "### Permissions and network (1)" in guarded
    assert '-  "Action": "ssm:GetParameter"' in guarded
    assert '+  "Action": "ssm:*"' in guarded
    assert "MemorySize" not in guarded
    assert '+  "MemorySize": 1024' in other


def test_what_decides_who_gets_in_counts_as_permission() -> None:
    kinds = (
        "AWS::IAM::Role",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::KMS::Key",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::Cognito::UserPoolClient",
    )

    for difference in compare({}, {kind: resource(kind) for kind in kinds}):
        assert difference.is_guarded, difference.kind
        assert difference.sign == "+"
    [function] = compare({"F": resource("AWS::Lambda::Function")}, {})
    assert (function.sign, function.is_guarded) == ("-", False)


def test_without_a_permission_it_says_so() -> None:
    text = markdown(compare({}, {"F": resource("AWS::Lambda::Function")}))

    assert "No change to permissions or the network." in text


def test_content_cannot_end_its_own_block() -> None:
    text = markdown(compare({}, {"F": resource("AWS::Lambda::Function", Description="````\n# hello")}))

    assert "\n`````diff\n" in text
    assert text.count("\n`````\n</details>") == 1


def test_a_very_long_difference_is_cut_and_says_so() -> None:
    text = markdown(compare({}, {f"F{n}": resource("AWS::Lambda::Function", Name="x" * 900) for n in range(99)}))

    assert len(text) < 65_536
    assert "99 resources differ" in text


def test_the_command_reads_two_folders_whatever_else_is_in_them(tmp_path: Path) -> None:
    bucket = {"B": resource("AWS::S3::Bucket") | {"Metadata": {"aws:cdk:path": "before"}}}
    moved = {"B": resource("AWS::S3::Bucket") | {"Metadata": {"aws:cdk:path": "after"}}}
    base, head = written(tmp_path / "base", bucket), written(tmp_path / "head", moved)

    command = [sys.executable, "-m", "tools.checks.template_diff", str(base), str(head)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (result.returncode, "Nothing but code" in result.stdout) == (0, True), result.stderr
    assert list(read(head)) == ["chat/B"]


def test_a_stack_that_is_no_longer_made_is_gone_though_its_template_still_lies_there(tmp_path: Path) -> None:
    base = written(tmp_path / "base", {"B": resource("AWS::S3::Bucket")})
    (base / "earlier.template.json").write_text(json.dumps({"Resources": {"A": resource("AWS::WAFv2::WebACL")}}))

    assert list(read(base)) == ["chat/B"]


def test_a_folder_without_a_template_is_an_error_not_a_difference(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.checks.template_diff", str(tmp_path), str(tmp_path)]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert "manifest.json is missing: make synth" in result.stderr
