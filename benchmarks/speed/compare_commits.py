"""This checkout beside another commit: this product's way of each case, in turn, in fresh processes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.speed.measuring import OURS, Case, summary, times_better
from benchmarks.speed.processes import ROOT

ROUNDS = 7


def compare(commit: str, cases: tuple[Case, ...], *, rounds: int | None = None) -> int:
    """Print, for each case, how many times better this checkout is than ``commit``."""
    with _checkout(commit) as other:
        for case in cases:
            found: dict[Path, dict[str, list[float]]] = {ROOT: {}, other: {}}
            for _ in range(rounds or ROUNDS):
                for folder, figures in found.items():
                    for key, values in _figures(folder, case).items():
                        figures.setdefault(key, []).extend(values)
            print(case.title)
            for metric in case.metrics:
                here, there = found[ROOT][metric.key], found[other][metric.key]
                ratio = times_better(metric, here, there)
                print(
                    f"  {ratio.median:.2f} times ({ratio.low:.2f}-{ratio.high:.2f}) as good: "
                    f"{summary(here).median:.4g} against {summary(there).median:.4g} {metric.unit}"
                )
    return 0


@contextmanager
def _checkout(commit: str) -> Iterator[Path]:
    """A copy of the files of another commit, with the benchmarks of this one."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "other"
        subprocess.run(
            ["git", "worktree", "add", "--quiet", "--detach", folder, commit], cwd=ROOT, check=True
        )
        try:
            shutil.rmtree(folder / "benchmarks", ignore_errors=True)
            shutil.copytree(ROOT / "benchmarks", folder / "benchmarks")
            yield folder
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True)


def _figures(folder: Path, case: Case) -> dict[str, list[float]]:
    """The figures of one run of this product's way in the given checkout."""
    command = [sys.executable, "-m", "benchmarks.speed", case.key, "--figures-of", OURS]
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found
