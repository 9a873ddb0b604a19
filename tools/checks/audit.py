"""Asks the registries whether anything that is pinned has a known vulnerability: part of `make check`.

A registry that does not answer, such as a mirror without advisories, is no reason to stop: it is said, and that is all.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_SECONDS = 60
_SERIOUS = ("high", "critical")
_UNANSWERED = "not audited: the registry has no answer"


def main() -> int:
    """Audit every lock of the project.

    Returns:
        The exit status: 1 if something is vulnerable.
    """
    found = False
    for lock in _locks("requirements.txt"):
        found |= _report(lock, _python(lock))
    for lock in _locks("package-lock.json"):
        found |= _report(lock, _node(lock))
    return int(found)


def _locks(name: str) -> list[Path]:
    found = (lock for depth in ("", "*/", "*/*/") for lock in _ROOT.glob(depth + name))
    return sorted(lock for lock in found if "node_modules" not in lock.parts)


def _report(lock: Path, vulnerable: list[str] | None) -> bool:
    verdict = _UNANSWERED if vulnerable is None else "; ".join(vulnerable) or "nothing known"
    print(f"{lock.relative_to(_ROOT)}: {verdict}")
    return bool(vulnerable)


def _python(lock: Path) -> list[str] | None:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(lock)]
    audit = _json([*command, "--format", "json", "--progress-spinner", "off", "--timeout", "10"])
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
        audit = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=_ROOT)
        value = json.loads(audit.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
