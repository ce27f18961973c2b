"""Runs Lighthouse, Google's audits of a page, in a folder where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.browsing import CHROMIUM

DEVICES = ("desktop", "mobile")
ATTEMPTS = 3  # on a machine with other work, it may wait for the browser in vain
_PROGRAM = "node_modules/lighthouse/cli/index.js"
_FLAGS = "--headless=new --no-sandbox --disable-gpu"


def install(folder: Path) -> None:
    """Install the locked version, without running scripts of packages."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).with_name(name), folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def audited(folder: Path, url: str, device: str) -> dict[str, Any]:
    """The report of one visit.

    Args:
        folder: where Lighthouse is installed.
        device: one of ``DEVICES``; the network and the processor of either are simulated.
    """
    command = ["node", _PROGRAM, url, "--quiet", "--output=json", f"--chrome-flags={_FLAGS}"]
    command += ["--preset=desktop"] if device == "desktop" else []
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    for _ in range(ATTEMPTS):
        run = subprocess.run(
            command, cwd=folder, check=False, capture_output=True, text=True, env=environment
        )
        if run.returncode == 0:
            report: dict[str, Any] = json.loads(run.stdout)
            return report
    raise RuntimeError(f"Lighthouse must end with status 0, but it ends with {run.returncode}: {run.stderr}")


def marks(report: dict[str, Any]) -> dict[str, float]:
    """The mark of each category, from 0 to 1; 0 where Lighthouse could not give one."""
    return {name: each["score"] or 0.0 for name, each in report["categories"].items()}
