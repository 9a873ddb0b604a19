"""What one chat imports: the cold start is made of it, so nothing joins unnoticed (docs/performance.md has figures)."""

import subprocess
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from bundle.build import HostTarget
from tests.integration.conftest import Function

OWN = {"chat", "streaming_runtime"}
AWSLAMBDARIC = {"awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"}
POWERTOOLS = {"aws_lambda_powertools", "jmespath", "typing_extensions", "botocore"}  # of botocore its name alone

# Of the standard library: each of them is a tenth or more of the start.
HEAVY = {"asyncio", "ctypes", "email", "http.client", "multiprocessing", "sqlite3", "unittest", "urllib.request", "xml"}


@pytest.fixture(scope="module")
def modules(start_function: Callable[..., Function]) -> set[str]:
    with ExitStack() as stack:
        function = start_function(stack, PYTHONPROFILEIMPORTTIME="1")
        assert function.chat().status == 200
        assert function.chat().status == 200
        function.logs.wait_for('"message":"request"')
        lines = list(function.logs.lines)
    found = imported(lines)
    assert "chat.answer.relay" in found
    return found


def imported(lines: list[str]) -> set[str]:
    """The modules in what Python tells of its imports."""
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")} - {"imported package"}


def packages(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def test_only_these_packages_are_imported(modules: set[str], host: HostTarget) -> None:
    # The standard library's names, and in its profile what a machine has every Python import, and what `copy` tries to
    # until Python 3.12, Jython's `org.python.core`.
    program = "import copy, sys; print(*sys.stdlib_module_names)"
    asked = subprocess.run(
        [host.interpreter, "-X", "importtime", "-c", program], env={}, capture_output=True, text=True, check=True
    )
    of_the_interpreter = set(asked.stdout.split()) | packages(imported(asked.stderr.splitlines()))

    assert packages(modules) - of_the_interpreter <= OWN | AWSLAMBDARIC | POWERTOOLS


def test_nothing_heavy_of_the_standard_library_is_imported(modules: set[str]) -> None:
    assert not modules & HEAVY


def test_powertools_brings_no_aws_sdk(modules: set[str]) -> None:
    assert {name for name in modules if name.startswith("botocore")} <= {"botocore"}


def test_of_the_upstreams_only_the_one_in_use_is_imported(modules: set[str]) -> None:
    found = {name.rpartition(".")[2] for name in modules if name.startswith("chat.model.upstreams.")}

    assert found == {"compatible", "keyed"}
    assert not {name for name in modules if name.startswith("chat.model.converse")}
