"""Every claim of speed, beside what a user would pick instead.

    python -m benchmarks.speed                      all but the large cases
    python -m benchmarks.speed one-complete sizes   these
    python -m benchmarks.speed --large              all; hours
    python -m benchmarks.speed compare COMMIT       this checkout beside another commit

Writes ``benchmarks/results/speed.json`` and the table of ``benchmarks/README.md``. Use an idle machine; other
work reaches all ways of a case alike, since they run in turn, but it spreads the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy and XGBoost are imported

from benchmarks.speed import files, fresh_process, in_duckdb, languages, rows, trainings
from benchmarks.speed.compare_commits import compare
from benchmarks.speed.measuring import Case, in_words, measure
from benchmarks.speed.processes import ROOT
from benchmarks.speed.speed_page import publish

RESULTS = Path(__file__).parents[1] / "results" / "speed.json"
CASES: tuple[Case, ...] = (
    *fresh_process.CASES,
    *rows.CASES,
    *languages.CASES,
    *files.CASES,
    *in_duckdb.CASES,
    *trainings.CASES,
)
PACKAGES = ("duckdb", "numpy", "onnxruntime", "pandas", "polars", "pyarrow", "scikit-learn", "xgboost")


def main(arguments: list[str] | None = None) -> int:
    """Measure what is named, print, and write."""
    given = _parser().parse_args(arguments)
    if given.cases[:1] == ["compare"]:
        commit, *named = given.cases[1:]
        return compare(commit, _named(named, large=given.large), rounds=given.rounds)
    if given.figures_of:
        (case,) = _named(given.cases, large=True)
        found = measure(case, rounds=1, only=given.figures_of)
        print(json.dumps(found[given.figures_of]))
        return 0
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for case in _named(given.cases, large=given.large):
        print(case.title, flush=True)
        figures = measure(case, rounds=given.rounds)
        absent = dict(case.absent())
        print("\n".join(in_words(case, figures, absent)), flush=True)
        results[case.key] = {"figures": figures, "absent": absent, **_circumstances()}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        publish(CASES, results)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.split("\n")[0])
    names = ", ".join(each.key for each in CASES)
    parser.add_argument("cases", nargs="*", help=f"what to measure: {names}; or compare COMMIT [CASE ...]")
    parser.add_argument("--large", action="store_true", help="also the cases of many minutes or gigabytes")
    parser.add_argument("--rounds", type=int, help="how often each way runs")
    parser.add_argument("--figures-of", metavar="WAY", help="run one way of one case once; print its figures")
    return parser


def _named(keys: list[str], *, large: bool) -> tuple[Case, ...]:
    """The cases of these names, or all."""
    unknown = set(keys) - {each.key for each in CASES}
    if unknown:
        sys.exit(f"cases must be of {', '.join(each.key for each in CASES)}, but there is {sorted(unknown)}")
    return tuple(each for each in CASES if (each.key in keys if keys else large or not each.large))


def _circumstances() -> dict[str, Any]:
    """Commit, machine and versions of a measurement."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    return {
        "commit": commit,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": sys.version.split()[0],
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    """Those of the packages that are installed."""
    found = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


if __name__ == "__main__":
    sys.exit(main())
