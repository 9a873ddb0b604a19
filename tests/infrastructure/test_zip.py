"""What goes into the zip. One real bundle is built for all tests."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bundle import interpreters
from bundle.build import LAMBDA, HostTarget, zipped_size
from tests.support.contents import contents

pytestmark = pytest.mark.timeout(300)  # the first build downloads the wheels

ROOT = Path(__file__).parent.parent.parent
COMPILER = interpreters.find_interpreter(LAMBDA.python_version)

ARM64 = 0xB7  # e_machine in an ELF header
MAGIC_3_13 = (3571).to_bytes(2, "little") + b"\r\n"
UNCHECKED_HASH = (0b01).to_bytes(4, "little")  # PEP 552: a hash, not to be checked against the source


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
        if name.endswith((".md", "requirements.txt")) or name.startswith("email_domains/"):
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
        "SIGN_IN": "none",
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
