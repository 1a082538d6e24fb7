"""Find (or fetch) a Chromium for the browser tests; ``python -m tools.browser`` prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC_BUNDLES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def installed() -> str | None:
    """Return the browser that is here: ``$CHROMIUM``, one on PATH, a macOS bundle, Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named and (found := shutil.which(named)):
        return found
    for name in ON_PATH:
        if found := shutil.which(name):
            return found
    for bundle in MAC_BUNDLES:
        if Path(bundle).exists():
            return bundle
    return _playwrights_own()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None


def fetch() -> str | None:
    """Install a browser: Playwright's, else (on Debian, as root) the distribution's."""
    _succeeds([sys.executable, "-m", "playwright", "install", "chromium"])
    if found := installed():
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _succeeds(["apt-get", "update"])
        _succeeds(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
    return installed()


def _succeeds(command: list[str]) -> bool:
    """Run ``command`` with its output on standard error; standard output is for the path alone."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False, timeout=600)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> int:
    """Print the path of a browser; 1 where none is to be had."""
    path = installed() or fetch()
    if path is None:
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
