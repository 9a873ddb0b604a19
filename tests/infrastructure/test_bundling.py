"""What goes into the zip. One real bundle is built for all tests; the faults use a bundle of one small package."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stacks import interpreters
from stacks.bundling import LAMBDA, BundlingError, HostTarget, build_function, host_target, zipped_size

pytestmark = pytest.mark.timeout(300)  # the first build downloads the wheels

ROOT = Path(__file__).parent.parent.parent
COMPILER = interpreters.find_interpreter(LAMBDA.python_version)

ARM64 = 0xB7  # e_machine in an ELF header
MAGIC_3_13 = (3571).to_bytes(2, "little") + b"\r\n"
UNCHECKED_HASH = (0b01).to_bytes(4, "little")  # PEP 552: a hash, not to be checked against the source

SIX = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"

Checkout = Callable[..., Path]


def contents(tree: Path) -> dict[str, tuple[int, bytes]]:
    """Return mode and content of every file."""
    return {
        str(path.relative_to(tree)): (path.stat().st_mode & 0o777, path.read_bytes())
        for path in tree.rglob("*")
        if path.is_file()
    }


def bundle(checkout: Path, out: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stacks.bundling", "--out", str(out), *options]
    return subprocess.run(
        command, cwd=checkout, env=os.environ | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A function that makes a small project: our bundling, one module, the requirements that it is given."""

    def make(requirements: str = SIX) -> Path:
        shutil.copytree(ROOT / "stacks", tmp_path / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
        package = tmp_path / "lambda_src" / "chat"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text('"""One module."""\n')
        (package.parent / "requirements.txt").write_text(requirements + "\n")
        (package.parent / "bootstrap").write_text("#!/bin/sh\n")
        return tmp_path

    return make


def test_every_dependency_is_pinned_with_hashes() -> None:
    text = (ROOT / "lambda_src" / "requirements.txt").read_text(encoding="utf-8")
    requirements = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines()

    assert len(requirements) > 10
    for requirement in requirements:
        assert re.match(r"[a-z0-9.\[\]-]+==[\w.]+ .*--hash=sha256:[0-9a-f]{64}", requirement), requirement


def test_the_zip_is_well_under_what_makes_cold_starts_slow(
    zip_content: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    size = zipped_size(zip_content)

    record_testsuite_property("zip_bytes", size)
    print(f"zip: {size / 1e6:.1f} MB")  # noqa: T201 - shown with -s
    assert size < 20_000_000


def test_it_carries_our_code_as_it_is_and_an_executable_bootstrap(source: Path, zip_content: Path) -> None:
    shipped = contents(zip_content)

    for name, (_, content) in contents(source / "lambda_src").items():
        if name.endswith((".md", "requirements.txt")):
            assert name not in shipped
        else:
            assert shipped[name][1] == content
    assert {name for name, (mode, _) in shipped.items() if mode & 0o111} == {"bootstrap"}


def test_every_binary_is_for_arm64_and_for_python_3_13(zip_content: Path) -> None:
    binaries = [path for path in zip_content.rglob("*") if ".so" in path.suffixes]

    assert binaries
    for binary in binaries:
        header = binary.read_bytes()[:20]
        assert header[:4] == b"\x7fELF"
        assert int.from_bytes(header[18:20], "little") == ARM64, binary
        assert "cpython-313-aarch64" in binary.name or "abi3" in binary.name, binary


def test_its_bytecode_is_never_stale(zip_content: Path) -> None:
    bytecode = list(zip_content.rglob("*.pyc"))
    if COMPILER is None:  # no interpreter of the runtime's version here: sources and nothing else
        assert not bytecode
        assert (zip_content / "boto3" / "__init__.py").is_file()
        return
    assert (zip_content / "boto3" / "__init__.pyc").is_file()
    for path in bytecode:
        assert path.read_bytes()[:8] == MAGIC_3_13 + UNCHECKED_HASH, path
    for path in zip_content.rglob("*.py"):  # ours: the dependencies have no sources here
        assert (path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc").is_file(), path


def test_it_is_the_same_to_the_byte_wherever_and_whenever_it_is_built(
    source: Path, zip_content: Path, tmp_path: Path
) -> None:
    for folder in ("stacks", "lambda_src"):
        shutil.copytree(source / folder, tmp_path / "elsewhere" / folder)

    again = bundle(tmp_path / "elsewhere", tmp_path / "out", "--target", "lambda", PYTHONHASHSEED="7", TZ="Asia/Tokyo")

    assert again.returncode == 0, again.stderr
    assert contents(tmp_path / "out") == contents(zip_content)
    for name, (_, content) in contents(zip_content).items():
        assert str(source).encode() not in content, name
        assert str(ROOT).encode() not in content, name


def test_botocore_knows_the_services_that_are_used_and_no_other(zip_content: Path) -> None:
    data = zip_content / "botocore" / "data"

    assert {path.name for path in data.iterdir() if path.is_dir()} == {"ssm"}
    assert (data / "endpoints.json").is_file()
    assert (data / "partitions.json").is_file()


def test_what_no_run_reads_is_left_out(zip_content: Path) -> None:
    names = contents(zip_content)

    assert not [
        name for name in names if re.search(r"(^|/)(tests|bin|examples)/|\.pyi$|RECORD$|INSTALLER$|WHEEL$", name)
    ]


def test_licences_stay(zip_content: Path) -> None:
    for package in ("boto3", "cryptography", "openai", "pyjwt"):
        [dist_info] = zip_content.glob(f"{package}-*.dist-info")
        assert any("LICENSE" in path.name for path in dist_info.rglob("*")), package


def test_for_this_machine_it_runs_from_its_own_files_alone(task_root: Path, host: HostTarget) -> None:
    program = """
import sys
sys.path[:] = [path for path in sys.path if "site-packages" not in path] + ["."]
import boto3, jwt, openai, chat.handler, streaming_runtime
import awslambdaric.bootstrap
boto3.client("ssm", region_name="eu-central-1", aws_access_key_id="none", aws_secret_access_key="none")
print(*sorted({sys.modules[name].__file__ for name in ("boto3", "jwt", "awslambdaric", "chat")}), sep="\\n")
"""
    environment = {
        "API_KEY_PARAMETER": "/key",
        "MODELS": "small",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "PATH": os.environ["PATH"],
    }
    run = subprocess.run(
        [host.interpreter, "-S", "-c", program],
        cwd=task_root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert [Path(file).is_relative_to(task_root) for file in run.stdout.splitlines()] == [True] * 4


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
    command = [sys.executable, "-m", "stacks.bundling", "--target", "host", "--out", str(tmp_path / "out")]

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
    source = project / "stacks" / "bundling.py"
    source.write_text(source.read_text().replace('python_version="3.13"', 'python_version="3.99"'))

    built = bundle(project, tmp_path / "out")

    assert built.returncode == 0, built.stderr
    assert "No Python 3.99 was found" in built.stderr
    assert "cold start" in built.stderr
    assert (tmp_path / "out" / "six.py").is_file()
    assert not list((tmp_path / "out").rglob("*.pyc"))


def test_help_says_what_the_command_does() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "stacks.bundling", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "task root" in shown.stdout


def test_it_needs_nothing_but_the_standard_library() -> None:
    program = "import stacks.bundling, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"

    run = subprocess.run([sys.executable, "-S", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "aws_cdk" not in run.stdout
    assert "jsii" not in run.stdout
