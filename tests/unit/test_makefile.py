"""The Makefile where something is missing. Its rules run as they are; what they would install is there already."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MAKE = shutil.which("make") or "make"
STAMPS = ("venv", "dev", "synth", "admin", "cdk", "web", "local-node", "tests-node", "bench")

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A project with everything installed, whose CDK CLI says what it was asked and fails as it does without AWS."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for lock in ("uv.lock", "local/requirements.txt", "package-lock.json"):
        (tmp_path / lock).parent.mkdir(exist_ok=True)
        (tmp_path / lock).touch()
    for folder in ("web", "local", "tests", "tools/bench"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "package-lock.json").touch()
    (tmp_path / "web" / "package.json").touch()
    (tmp_path / ".stamps").mkdir()
    for stamp in STAMPS:
        (tmp_path / ".stamps" / stamp).touch()
    executable(tmp_path / "node_modules" / ".bin" / "cdk", 'echo "cdk $*"; exit 3')
    executable(tmp_path / ".venv" / "bin" / "python", 'echo "python $*"')
    (tmp_path / "web" / "dist").mkdir()
    (tmp_path / "web" / "dist" / "index.html").touch()
    return tmp_path


def executable(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def make(clone: Path) -> Make:
    def run(*arguments: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [MAKE, *arguments], cwd=clone, env={"PATH": path}, capture_output=True, text=True, check=False
        )

    return run


@pytest.mark.parametrize(
    ("target", "command"),
    [("deploy", "deploy --all -c a=b"), ("bootstrap", "bootstrap -c a=b"), ("destroy", "destroy --all -c a=b")],
)
def test_what_needs_an_account_runs_the_pinned_cdk_and_points_to_the_doctor(
    make: Make, target: str, command: str
) -> None:
    ended = make(target, "ARGS=-c a=b")

    assert ended.returncode != 0
    assert f"cdk {command}\n" in ended.stdout
    assert "make doctor says what is missing" in ended.stdout


def test_a_deployment_that_succeeds_says_nothing_of_the_doctor(make: Make, clone: Path) -> None:
    executable(clone / "node_modules" / ".bin" / "cdk", 'echo "cdk $*"')

    ended = make("deploy")

    assert (ended.returncode, ended.stdout) == (0, "python -m bundle.fetch_python\ncdk deploy --all\n")


def test_without_the_function_s_python_nothing_is_deployed(make: Make, clone: Path) -> None:
    executable(clone / ".venv" / "bin" / "python", 'echo "python $*"; exit 1')

    ended = make("deploy")

    assert ended.returncode != 0
    assert "cdk" not in ended.stdout


@pytest.fixture
def without_node(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH with what the Makefile uses, but Node."""
    folder = tmp_path_factory.mktemp("bin")
    for name in ("bash", "find", "mkdir", "touch", "grep", "awk", "rm"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return str(folder)


@pytest.mark.parametrize("stamp", ["web", "cdk"])
def test_without_node_it_says_what_to_install(make: Make, clone: Path, without_node: str, stamp: str) -> None:
    (clone / ".stamps" / stamp).unlink()

    ended = make("deploy", path=without_node)

    assert ended.returncode != 0
    assert "Node.js 20 or newer is needed" in ended.stdout
    assert "https://nodejs.org" in ended.stdout
    assert "not found" not in ended.stdout + ended.stderr


def test_an_old_node_is_refused_before_anything_is_installed(make: Make, clone: Path, without_node: str) -> None:
    (clone / ".stamps" / "web").unlink()
    real = shutil.which("node")
    executable(Path(without_node) / "npm", 'echo "npm $*"')
    old = "Object.defineProperty(process, 'versions', {value: {node: '18.20.0'}})"
    executable(Path(without_node) / "node", f'exec {real} -e "{old}; $2"')

    ended = make("page", path=without_node)

    assert ended.returncode != 0
    assert "Node.js 20 or newer is needed" in ended.stdout
    assert "npm ci" not in ended.stdout


def test_packages_of_node_run_no_script_of_theirs(make: Make, clone: Path) -> None:
    for stamp in STAMPS:
        (clone / ".stamps" / stamp).unlink()

    planned = make("--dry-run", "check", "test", "bench", "deploy", "chat", "SIGN_IN=1").stdout

    installations = re.findall(r"^npm ci .*$", planned, re.MULTILINE)
    assert len(installations) == 5
    assert all("--ignore-scripts" in one for one in installations)


def test_clean_leaves_nothing_that_git_ignores(make: Make, clone: Path) -> None:
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
    made = [name.replace("*", "x") for name in ignored if name not in {".DS_Store", "*.py[co]"}]
    for name in [*made, "chat/__pycache__", "web/node_modules", "tools/bench/node_modules"]:
        if not name.endswith(".json"):
            (clone / name).mkdir(parents=True, exist_ok=True)
            (clone / name / "file.pyc").touch()
        else:
            (clone / name).touch()

    assert make("clean").returncode == 0

    left = {str(path.relative_to(clone)) for path in clone.rglob("*")}
    assert not [name for name in made if name in left]
    assert not [name for name in left if "__pycache__" in name or "node_modules" in name]
    assert {"Makefile", "web/package-lock.json", "uv.lock"} <= left


def test_every_command_of_the_documents_is_there(make: Make) -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    named = {
        target
        for document in documents
        for target in re.findall(r"(?:`|^    )make ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE)
    }
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert named
    assert named <= targets
    for target in named:
        assert f"make {target} " in make("help").stdout


def test_before_a_commit_the_same_is_checked() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin").replace("'", "")
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    commands = [hook["entry"].replace(" --force-exclude", "") for repo in hooks for hook in repo["hooks"]]

    assert {repo["repo"] for repo in hooks} == {"local"}
    assert len(commands) >= 7
    for command in commands:
        assert f"\t{command}" in recipe, command
