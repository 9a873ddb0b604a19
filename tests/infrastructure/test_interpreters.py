import os
import sys
from pathlib import Path

import pytest

from bundle import fetch_python as fetching
from bundle import interpreters
from bundle.fetch_python import NoPythonError, fetch_python
from bundle.interpreters import find_interpreter, probe, running_interpreter

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(autouse=True)
def _forget() -> None:
    find_interpreter.cache_clear()


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_running_version_is_found_outside_its_virtual_environment() -> None:
    found = find_interpreter(MINOR)

    assert found == running_interpreter()
    assert found.path.is_file()
    assert not found.path.is_relative_to(sys.prefix) or sys.prefix == sys.base_prefix


def test_a_version_that_is_not_here_is_not_found() -> None:
    assert find_interpreter("3.99") is None


def test_a_shim_that_does_not_run_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shims, real = tmp_path / "shims", tmp_path / "real"
    shims.mkdir()
    real.mkdir()
    script(shims / "python3.99", "exit 127")
    script(real / "python3.99", f"printf '3.99\\n3.99.1\\n{real}/python3.99\\n'")
    monkeypatch.setenv("PATH", os.pathsep.join([str(shims), str(real)]))

    found = find_interpreter("3.99")

    assert found is not None
    assert (found.path, found.version) == (real / "python3.99", "3.99.1")


def test_pyenv_s_versions_are_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "versions" / "3.99.0" / "bin"
    folder.mkdir(parents=True)
    script(folder / "python3.99", f"printf '3.99\\n3.99.0\\n{folder}/python3.99\\n'")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    found = find_interpreter("3.99")

    assert found is not None
    assert found.path == folder / "python3.99"


def test_another_version_under_the_name_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "python3.99", f'exec {sys.executable} "$@"')
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_interpreter("3.99") is None


def test_a_pre_release_does_not_count_as_its_bytecode_may_not_fit(tmp_path: Path) -> None:
    # What the probe prints for one: no minor version.
    assert probe(script(tmp_path / "python3.99", "printf '\\n3.99.0\\n/python\\n'")) is None


def test_without_uv_the_search_ends_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreters, "find_uv", lambda: None)

    assert find_interpreter("3.99") is None


def fake_uv(folder: Path, *, installs: bool) -> Path:
    """A uv that has no Python until it has installed one, or that cannot."""
    there = script(folder / "python-3.99", f"printf '3.99\\n3.99.1\\n{folder}/python-3.99\\n'")
    mark = folder / "installed"
    install = f"touch {mark}" if installs else "echo 'error: no route to host' >&2; exit 2"
    return script(
        folder / "uv",
        f"""case "$2" in
  install) {install} ;;
  find) test -e {mark} && echo {there} ;;
esac""",
    )


def test_a_version_that_is_here_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "find_uv", lambda: pytest.fail("it asks for uv"))

    assert fetch_python(MINOR) == running_interpreter()


def test_one_that_is_not_is_fetched_by_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = fake_uv(tmp_path, installs=True)
    for module in (fetching, interpreters):
        monkeypatch.setattr(module, "find_uv", lambda: uv)

    assert fetch_python("3.99").version == "3.99.1"


def test_one_that_cannot_be_fetched_stops_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = fake_uv(tmp_path, installs=False)
    for module in (fetching, interpreters):
        monkeypatch.setattr(module, "find_uv", lambda: uv)

    with pytest.raises(NoPythonError) as refused:
        fetch_python("3.99")

    assert "uv could not fetch it: error: no route to host" in str(refused.value)
    assert ".venv/bin/uv python install 3.99" in str(refused.value)


def test_without_uv_it_stops_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (fetching, interpreters):
        monkeypatch.setattr(module, "find_uv", lambda: None)

    with pytest.raises(NoPythonError, match="nor is uv"):
        fetch_python("3.99")
