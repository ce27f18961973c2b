"""Measures how often the choice of k finds segments in data without any, and misses real ones.

Draws tables of 200 rows of four kinds, three of them without segments, and counts the results of
``choose_k``. Exit status 1 when a count is below its requirement.

    python -m benchmarks.no_structure --tables 20 --bootstraps 30
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from sklearn.cluster import KMeans

from trainer.segments.choose_k import ChoiceSettings, choose_k
from trainer.segments.cluster_metrics import Floats

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"
RESULTS = Path(__file__).parent / "results" / "no_structure.json"
ROWS = 200
NONE = "none"

Draw = Callable[[Generator], Floats]


def scaled(raw: Floats) -> Floats:
    """Return ``raw`` [N, r] with mean 0 and standard deviation 1 in each column."""
    features: Floats = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    return features


def mixture(table: Floats) -> Draw:
    """Return a draw from five Gaussians fitted to the five segments of ``table`` [N, 2]."""
    labels = KMeans(5, n_init=20, random_state=0).fit(scaled(table)).labels_
    parts = [table[labels == j] for j in range(5)]
    shares = [len(part) / len(table) for part in parts]

    def draw(rng: Generator) -> Floats:
        sizes = rng.multinomial(ROWS, shares)
        drawn = [
            rng.multivariate_normal(part.mean(axis=0), np.cov(part.T), size)
            for part, size in zip(parts, sizes, strict=True)
        ]
        return np.vstack(drawn)

    return draw


def kinds() -> dict[str, tuple[Draw, str, float]]:
    """Return, for each kind of table, how to draw one, the right answer, and the required share of it."""
    table = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    related = [[1.0, 0.7], [0.7, 1.0]]
    return {
        "income and score, permuted": (lambda rng: rng.permuted(table, axis=0), NONE, 18 / 20),
        "uniform square": (lambda rng: rng.uniform(size=(ROWS, 2)), NONE, 17 / 20),
        "one Gaussian cloud, r = .7": (
            lambda rng: rng.multivariate_normal([0, 0], related, ROWS),
            NONE,
            16 / 20,
        ),
        "five Gaussians as fitted": (mixture(table), "5", 19 / 20),
    }


def answers(draw: Draw, *, tables: int, settings: ChoiceSettings) -> Counter[str]:
    """Count what is chosen on tables drawn with the seeds 0, 1, 2 and so on."""
    counts: Counter[str] = Counter()
    for seed in range(tables):
        choice = choose_k(draw(np.random.default_rng(seed)), scaled, replace(settings, seed=seed))
        counts[str(choice.k) if choice.stable else NONE] += 1
    return counts


def run(*, tables: int, settings: ChoiceSettings) -> list[dict[str, Any]]:
    """Return a row for each kind: the answers, the right one, the required count, and whether it is met."""
    rows: list[dict[str, Any]] = []
    print(f"{'table':<28} {'right':>5} {'needed':>6} {'found':>5}   answers")
    for kind, (draw, right, share) in kinds().items():
        counts = answers(draw, tables=tables, settings=settings)
        needed = int(np.floor(share * tables + 1e-9))
        listing = ", ".join(f"{answer}: {count}" for answer, count in counts.most_common())
        print(f"{kind:<28} {right:>5} {needed:>6} {counts[right]:>5}   {listing}", flush=True)
        rows.append(
            {"kind": kind, "right": right, "needed": needed, "found": counts[right], "answers": dict(counts)}
        )
    return rows


def main() -> int:
    """Run, print a table, write the JSON, and return 1 when a requirement is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, default=20, help="tables of each kind")
    parser.add_argument("--bootstraps", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=-1)
    asked = parser.parse_args()
    settings = ChoiceSettings(bootstraps=asked.bootstraps, jobs=asked.jobs, gap_draws=2)
    start = time.perf_counter()
    rows = run(tables=asked.tables, settings=settings)
    result = {
        "tables": asked.tables,
        "rows": ROWS,
        "kinds": rows,
        "seconds": round(time.perf_counter() - start),
        "settings": asdict(settings),
        "versions": {name: version(name) for name in ("numpy", "scipy", "scikit-learn")}
        | {"python": platform.python_version()},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return int(any(row["found"] < row["needed"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
