"""Finds a Chromium for the browser tests, or installs one; prints its path.

Looked for, in this order: the CHROMIUM environment variable, the usual names on PATH, Playwright's own browsers.
Installed, if there is none: Debian's package when we may (root), else Playwright's build.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HELP = (
    "The browser tests need Chromium and it could not be installed. Install it, for example with "
    "`apt-get install chromium` or `python -m playwright install chromium`, or set CHROMIUM to its path."
)


def find() -> str | None:
    """The path of a Chromium on this machine, or None."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwright_build()


def _playwright_build() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only needed where no browser is on PATH

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Install Chromium in the way this machine allows; says nothing of success or failure."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], check=False, stdout=sys.stderr, env=environment)
        packages = ["chromium", "fonts-noto-cjk"]
        command = [apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(command, check=False, stdout=sys.stderr, env=environment)
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdout=sys.stderr)


def main() -> int:
    """Print the path of a Chromium, installing one if there is none."""
    path = find()
    if path is None:
        install()
        path = find()
    print(path or HELP, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
