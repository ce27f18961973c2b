"""Runs a command as a process of its own and measures time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.speed.measuring import Figures

ROOT = Path(__file__).parents[2]
# A process inherits the peak memory of the process that started it, so a small process starts each run.
LAUNCH = """\
import json, os, sys, time
started = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
spent = time.perf_counter() - started
print(json.dumps([spent, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
sys.exit(os.waitstatus_to_exitcode(status))
"""


def measured(command: list[str], settings: Mapping[str, str] | None = None) -> Figures:
    """Seconds, seconds of CPU and peak memory of a process, from its start to its end.

    Args:
        settings: further variables of its environment.

    Raises:
        subprocess.CalledProcessError: when it fails.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, *command],
        cwd=ROOT,
        env={**environment, **(settings or {})},
        stdout=subprocess.PIPE,
        check=True,
    )
    last = done.stdout.splitlines()[-1]
    return dict(zip(("seconds", "cpu_seconds", "peak_mb"), json.loads(last), strict=True))
