"""What is pinned where: one lock for Python, and whoever updates pins knows every place that has some."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.checks import locks
from tools.checks.audit import node_locks
from tools.checks.locks import EXPORTS, REHEARSAL, ROOT, foreign_hosts, main, stale

DEPENDABOT = (ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_what_is_exported_is_what_is_locked() -> None:
    assert stale() == []


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("pyproject.toml", "uv.lock", "README.md", *EXPORTS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    assert stale() == []
    return tmp_path


def test_a_changed_pin_in_an_exported_file_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported = copy / "lambda_src" / "requirements.txt"
    exported.write_text(exported.read_text().replace("awslambdaric==", "awslambdaric==9."))

    assert main([]) == 1
    told = capsys.readouterr().err
    assert "lambda_src/requirements.txt is not what uv.lock pins: - awslambdaric==9." in told
    assert "make lock" in told


def test_a_dependency_that_is_named_and_not_locked_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = copy / "pyproject.toml"
    project.write_text(project.read_text().replace("function = [", 'function = [\n    "left-pad",'))

    assert main([]) == 1
    assert "uv.lock is not what pyproject.toml names" in capsys.readouterr().err


def test_a_lock_from_a_mirror_is_told(copy: Path) -> None:
    lock = copy / "uv.lock"
    lock.write_text(lock.read_text().replace("https://files.pythonhosted.org/", "https://mirror.example.com/", 1))

    assert "uv.lock names mirror.example.com, which not everybody can reach" in stale()


def test_the_public_index_is_not_foreign() -> None:
    assert foreign_hosts('source = "https://pypi.org/simple" url = "https://files.pythonhosted.org/a.whl"') == set()


def test_the_emulator_s_pins_have_what_its_list_asks_for() -> None:
    asked = re.findall(
        r"^([a-z0-9-]+(?:==[\d.]+)?)", Path(ROOT, REHEARSAL).with_suffix(".in").read_text(), re.MULTILINE
    )
    pinned = (ROOT / REHEARSAL).read_text(encoding="utf-8")

    assert asked
    for requirement in asked:
        assert re.search(rf"^{re.escape(requirement)}(==| )", pinned, re.MULTILINE), requirement


def tracked(pattern: str) -> set[str]:
    answer = subprocess.run(["git", "ls-files", "--", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in answer.stdout.splitlines() if (ROOT / name).exists()}


def test_no_other_file_has_pins() -> None:
    assert tracked("*requirements*.txt") == {*EXPORTS, REHEARSAL}
    assert tracked("*uv.lock") == {"uv.lock"}
    assert tracked("*package-lock.json") == {str(lock.relative_to(ROOT)) for lock in node_locks()}


def test_whoever_updates_pins_knows_every_place() -> None:
    folders = {str(lock.parent.relative_to(ROOT)) for lock in node_locks()}
    [npm] = re.findall(r"package-ecosystem: npm\s+directories: \[(.*)\]", DEPENDABOT)

    assert {name.strip().strip('"').removeprefix("/") or "." for name in npm.split(",")} == folders
    assert 'package-ecosystem: uv\n    directory: "/"' in DEPENDABOT
    for folder in folders - {"."}:
        assert f"`{folder}`" in OPERATIONS, folder
    for name in ("uv.lock", REHEARSAL, *EXPORTS):
        assert f"`{name}`" in OPERATIONS, name


def test_one_version_of_what_two_places_use() -> None:
    versions: dict[str, set[str]] = {}
    for lock in node_locks():
        named: dict[str, Any] = json.loads(lock.with_name("package.json").read_text(encoding="utf-8"))
        for name, version in {**named.get("dependencies", {}), **named.get("devDependencies", {})}.items():
            versions.setdefault(name, set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_every_lock_says_why_it_stands_apart() -> None:
    for lock in node_locks():
        description = json.loads(lock.with_name("package.json").read_text(encoding="utf-8"))["description"]
        assert "Apart: " in description, lock


def test_no_package_but_those_known_wants_to_run_a_script_when_it_is_installed() -> None:
    wanting = {
        name.rpartition("node_modules/")[2]
        for lock in node_locks()
        for name, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items()
        if package.get("hasInstallScript")
    }

    # esbuild's only makes its command start quicker; aws-lambda-ric is compiled by `make bench` by name.
    assert wanting == {"esbuild", "aws-lambda-ric"}
