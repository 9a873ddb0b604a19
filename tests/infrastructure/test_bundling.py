"""How the zip's content is built: when again, when not, and what is said when it cannot be."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bundle import interpreters
from bundle.build import BundlingError, build_function, host_target
from tests.support.contents import contents

pytestmark = pytest.mark.timeout(300)  # the first build downloads the wheels

ROOT = Path(__file__).parent.parent.parent
SIX = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"
Checkout = Callable[..., Path]


def bundle(checkout: Path, out: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bundle", "--out", str(out), *options]
    return subprocess.run(
        command, cwd=checkout, env=os.environ | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A function that makes a small project: our bundling, one module, the requirements that it is given."""

    def make(requirements: str = SIX) -> Path:
        shutil.copytree(ROOT / "bundle", tmp_path / "bundle", ignore=shutil.ignore_patterns("__pycache__"))
        package = tmp_path / "lambda_src" / "chat"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text('"""One module."""\n')
        (package.parent / "requirements.txt").write_text(requirements + "\n")
        (package.parent / "bootstrap").write_text("#!/bin/sh\n")
        return tmp_path

    return make


def test_it_is_the_same_to_the_byte_wherever_and_whenever_it_is_built(
    source: Path, zip_content: Path, tmp_path: Path
) -> None:
    for folder in ("bundle", "lambda_src"):
        shutil.copytree(source / folder, tmp_path / "elsewhere" / folder)

    again = bundle(tmp_path / "elsewhere", tmp_path / "out", "--target", "lambda", PYTHONHASHSEED="7", TZ="Asia/Tokyo")

    assert again.returncode == 0, again.stderr
    assert contents(tmp_path / "out") == contents(zip_content)
    for name, (_, content) in contents(zip_content).items():
        assert str(source).encode() not in content, name
        assert str(ROOT).encode() not in content, name


def test_nothing_is_done_when_nothing_changed(checkout: Checkout, tmp_path: Path) -> None:
    project = checkout()
    out = tmp_path / "out"
    bundle(project, out)
    first = out.stat()

    again = bundle(project, out, UV_OFFLINE="1")

    assert again.stdout.strip() == str(out)
    assert (out.stat().st_ino, out.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)


def test_an_edit_of_our_code_needs_no_package_index(checkout: Checkout, tmp_path: Path) -> None:
    project = checkout()
    bundle(project, tmp_path / "out")
    (project / "lambda_src" / "chat" / "new.py").write_text("VALUE = 1\n")
    (project / "lambda_src" / "chat" / "__init__.py").write_text('"""Edited."""\n')

    bundle(project, tmp_path / "out", UV_DEFAULT_INDEX="http://127.0.0.1:9/simple", UV_NO_CACHE="1")

    assert (tmp_path / "out" / "chat" / "new.py").is_file()
    assert "Edited" in (tmp_path / "out" / "chat" / "__init__.py").read_text()


def test_a_file_that_is_gone_is_gone_from_the_bundle(checkout: Checkout, tmp_path: Path) -> None:
    project = checkout()
    extra = project / "lambda_src" / "chat" / "extra.py"
    extra.write_text("VALUE = 1\n")
    bundle(project, tmp_path / "out")
    extra.unlink()

    bundle(project, tmp_path / "out")

    assert not [name for name in contents(tmp_path / "out") if "extra" in name]


def test_two_builds_at_once_give_one_complete_bundle(checkout: Checkout, tmp_path: Path) -> None:
    project = checkout()
    command = [sys.executable, "-m", "bundle", "--target", "host", "--out", str(tmp_path / "out")]

    running = [subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL) for _ in range(3)]

    assert [process.wait() for process in running] == [0, 0, 0]
    names = set(contents(tmp_path / "out"))
    assert {"bootstrap", "chat/__init__.py"} <= names
    assert names & {"six.py", "six.pyc"}


def test_a_changed_package_is_refused_and_the_last_good_bundle_stays(checkout: Checkout, tmp_path: Path) -> None:
    project = checkout()
    out = tmp_path / "out"
    bundle(project, out)
    before = contents(out)
    (project / "lambda_src" / "requirements.txt").write_text(f"six==1.17.0 --hash=sha256:{'0' * 64}\n")

    refused = bundle(project, out)

    assert refused.returncode == 1
    assert "do not deploy it" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert contents(out) == before


def test_without_a_network_it_says_so(checkout: Checkout, tmp_path: Path) -> None:
    unreachable = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_NO_CACHE": "1", "UV_HTTP_RETRIES": "0"}

    failed = bundle(checkout(), tmp_path / "out", "--target", "host", **unreachable)

    assert failed.returncode == 1
    assert "check the network" in failed.stderr
    assert not (tmp_path / "out").exists()


def test_without_uv_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "find_uv", lambda: None)

    with pytest.raises(BundlingError, match="pip install uv"):
        build_function(tmp_path / "out", host_target())


def test_without_the_runtime_s_python_it_ships_sources_and_says_what_that_costs(
    checkout: Checkout, tmp_path: Path
) -> None:
    project = checkout()
    source = project / "bundle" / "build.py"
    source.write_text(source.read_text().replace('python_version="3.13"', 'python_version="3.99"'))

    built = bundle(project, tmp_path / "out")

    assert built.returncode == 0, built.stderr
    assert "No Python 3.99 was found" in built.stderr
    assert "cold start" in built.stderr
    assert ".venv/bin/uv python install 3.99," in built.stderr  # where `make` puts uv
    assert (tmp_path / "out" / "six.py").is_file()
    assert not list((tmp_path / "out").rglob("*.pyc"))


def test_help_says_what_the_command_does() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "bundle", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "task root" in shown.stdout


def test_it_needs_nothing_but_the_standard_library() -> None:
    program = "import bundle.build, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"

    run = subprocess.run([sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "aws_cdk" not in run.stdout
    assert "jsii" not in run.stdout
