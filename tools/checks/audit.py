"""Asks the registries whether a pinned package has a known vulnerability: part of `make check`.

A registry that does not answer, such as a mirror without advisories, is said and does not fail the check.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from bundle.interpreters import find_uv
from tools.checks.locks import REHEARSAL, ROOT

_SECONDS = 60
_SERIOUS = ("high", "critical")
_UNANSWERED = "not audited: the registry has no answer"


def main() -> int:
    """Audit what uv.lock, the emulator's requirements and every package-lock.json pin.

    Returns:
        The exit status: 1 if something is vulnerable, for Node packages if it is serious.
    """
    found = _report("uv.lock", _python(_export()))
    found |= _report(REHEARSAL, _python((ROOT / REHEARSAL).read_text(encoding="utf-8")))
    for lock in node_locks():
        found |= _report(str(lock.relative_to(ROOT)), _node(lock))
    return int(found)


def node_locks() -> list[Path]:
    """Every package-lock.json of the project."""
    found = (lock for depth in ("", "*/", "*/*/") for lock in ROOT.glob(f"{depth}package-lock.json"))
    return sorted(lock for lock in found if "node_modules" not in lock.parts)


def _export() -> str:
    command = [str(find_uv()), "export", "--quiet", "--frozen", "--no-emit-project", "--all-groups"]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def _report(lock: str, vulnerable: list[str] | None) -> bool:
    verdict = _UNANSWERED if vulnerable is None else "; ".join(vulnerable) or "nothing known"
    print(f"{lock}: {verdict}")
    return bool(vulnerable)


def _python(requirements: str) -> list[str] | None:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    with NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(requirements)
        file.flush()
        audit = _json([*command, "-r", file.name])
    packages = audit.get("dependencies", [])
    audited = [package for package in packages if "vulns" in package]
    if not audited:
        return None
    return [
        f"{package['name']} {package['version']}: {', '.join(known['id'] for known in package['vulns'])}"
        for package in audited
        if package["vulns"]
    ]


def _node(lock: Path) -> list[str] | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    audit = _json([npm, "audit", "--json", "--prefix", str(lock.parent)])
    if "metadata" not in audit:
        return None
    return list(_serious(audit.get("vulnerabilities", {})))


def _serious(vulnerabilities: dict[str, dict[str, Any]]) -> Iterator[str]:
    for name, vulnerability in vulnerabilities.items():
        if vulnerability.get("severity") in _SERIOUS:
            yield f"{name}: {vulnerability['severity']}"


def _json(command: list[str]) -> dict[str, Any]:
    try:
        audit = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=ROOT)
        value = json.loads(audit.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
