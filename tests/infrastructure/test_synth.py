"""The commands themselves: the pinned CDK CLI and app.py, on the real bundle and page; no account, no network."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bundle.build import LAMBDA, NO_COMPILER
from bundle.interpreters import find_interpreter
from stacks.app import ROOT
from stacks.settings import cdk_json_context

pytestmark = pytest.mark.timeout(300)  # a synth with validation is half a minute on a quiet machine

CLI = ROOT / "node_modules" / ".bin" / "cdk"
STACK = "lambda-stream-chat-prod"

# Nothing, where the function's Python is installed.
_VERSION = LAMBDA.python_version
SAID = "" if find_interpreter(_VERSION) else f"{NO_COMPILER.format(_VERSION)}\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """No credentials, no region, no way out, and the CDK's own validation on."""
    nowhere = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    return kept | {
        "AWS_CONFIG_FILE": str(nowhere / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(nowhere / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_HOME": str(nowhere),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }


def hashes(out: Path) -> set[str]:
    """Return the hashes of all assets but the template, which the CLI adds its own notes to."""
    files = json.loads((out / f"{STACK}.assets.json").read_text(encoding="utf-8"))["files"]
    return {digest for digest, file in files.items() if not file["source"]["path"].endswith(".template.json")}


@pytest.fixture(scope="module")
def synthesized(
    environment: dict[str, str], source: Path, zip_content: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    del zip_content  # built before the network is gone
    out = tmp_path_factory.mktemp("cdk.out")
    synth = subprocess.run(
        [CLI, "synth", "--quiet", "--output", str(out)],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (synth.returncode, synth.stdout, synth.stderr) == (0, "", SAID)
    return out


def test_synth_runs_offline_and_prints_nothing_but_what_is_missing(synthesized: Path) -> None:
    template = json.loads((synthesized / f"{STACK}.template.json").read_text(encoding="utf-8"))

    assert any(resource["Type"] == "AWS::Lambda::Url" for resource in template["Resources"].values())


def test_app_py_alone_gives_the_same_template_and_the_same_assets(
    synthesized: Path, source: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    alone = subprocess.run(
        [sys.executable, "app.py"],
        cwd=source,
        env=environment | {"CDK_OUTDIR": str(tmp_path), "CDK_VALIDATION": "false"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (alone.returncode, alone.stdout, alone.stderr) == (0, "", SAID)
    assert hashes(tmp_path) == hashes(synthesized)
    name = f"{STACK}.template.json"
    assert without_path_metadata(tmp_path / name) == without_path_metadata(synthesized / name)


def test_the_asset_of_the_function_is_the_bundle(synthesized: Path) -> None:
    template = json.loads((synthesized / f"{STACK}.template.json").read_text(encoding="utf-8"))
    [code] = [
        resource["Properties"]["Code"]["S3Key"]
        for name, resource in template["Resources"].items()
        if name.startswith("ChatFunction") and resource["Type"] == "AWS::Lambda::Function"
    ]

    asset = synthesized / f"asset.{code.removesuffix('.zip')}"

    assert (asset / "bootstrap").stat().st_mode & 0o777 == 0o755
    assert (asset / "chat" / "handler.py").is_file()


def test_it_can_be_deployed_from_where_nothing_is_but_the_cli(
    synthesized: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    archive = tmp_path / "cdk.out.tar"
    subprocess.run(["tar", "-cf", archive, "-C", synthesized, "."], check=True)  # as .github/workflows/main.yml does
    assembly = tmp_path / "elsewhere" / "cdk.out"
    assembly.mkdir(parents=True)
    subprocess.run(["tar", "-xf", archive, "-C", assembly], check=True)

    listed = subprocess.run(
        [CLI, "--app", "cdk.out", "ls"],
        cwd=assembly.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (listed.returncode, listed.stdout.split()) == (0, [STACK]), listed.stderr
    assets = json.loads((assembly / f"{STACK}.assets.json").read_text(encoding="utf-8"))["files"].values()
    for path in (assembly / asset["source"]["path"] for asset in assets):
        assert path.resolve().is_relative_to(assembly)
        assert path.exists()
    [bootstrap] = assembly.glob("asset.*/bootstrap")
    assert bootstrap.stat().st_mode & 0o777 == 0o755


def test_a_setting_that_cannot_be_deployed_stops_the_command_with_a_plain_message(environment: dict[str, str]) -> None:
    stopped = subprocess.run(
        [CLI, "synth", "--quiet", "-c", "memory_mb=lots", "-c", "timeout-seconds=5"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert stopped.returncode != 0
    assert "memory_mb: got 'lots'; accepted: a whole number from 256 to 10,240" in stopped.stderr
    assert "timeout-seconds: no such setting; did you mean timeout_seconds?" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_the_cli_is_the_pinned_one() -> None:
    pinned = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["aws-cdk"]
    installed = json.loads((ROOT / "node_modules" / "aws-cdk" / "package.json").read_text(encoding="utf-8"))["version"]

    assert pinned == installed == "2.1148.1"


def test_cdk_json_carries_the_feature_flags_that_the_library_recommends() -> None:
    import aws_cdk  # noqa: PLC0415 - only for where it is

    [package] = (Path(aws_cdk.__file__).parent / "_jsii").glob("*.tgz")
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/recommended-feature-flags.json")
        assert member is not None
        recommended = json.load(member)

    assert {key: value for key, value in cdk_json_context().items() if ":" in key} == recommended


def without_path_metadata(template: Path) -> str:
    """Return a template's text without each resource's construct path, which only the CLI asks for."""
    content = json.loads(template.read_text(encoding="utf-8"))
    for resource in content["Resources"].values():
        resource.pop("Metadata", None)
    return json.dumps(content, sort_keys=True)
