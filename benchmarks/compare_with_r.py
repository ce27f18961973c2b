"""Compares silhouette, gap, adjusted Rand index and clusterwise Jaccard with R's cluster, mclust and fpc.

    python -m benchmarks.compare_with_r

Needs Rscript with these packages (Debian: r-base-core r-cran-fpc r-cran-cluster r-cran-mclust). Prints the
largest difference of each figure, on the same random tables and samples, and writes
benchmarks/results/compare_with_r.json; exit status 1 when one is larger than .01.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray

from benchmarks.structure.grouped_tables import blobs
from trainer import read_table
from trainer.parallel import Workers
from trainer.segments.other_criteria import along_principal_axes, gap_statistic, uniform_like
from trainer.segments.structure.batched_kmeans import Floats, Search, kmeans_of_table, nearest
from trainer.segments.structure.mean_silhouettes import mean_silhouettes
from trainer.segments.structure.resampled_fits import compared

RESULTS = Path(__file__).parent / "results" / "compare_with_r.json"
SCRIPT = Path(__file__).with_name("compare_with_r.R")
LARGEST = 0.01
KS = range(2, 9)
MIDDLE = KS[len(KS) // 2]
DRAWS = 10
SAMPLES = 20


def tables() -> dict[str, Floats]:
    """The embedded customers, separate groups, groups that overlap, and one population; standardised."""
    mall = read_table().columns
    rng = np.random.default_rng(0)
    raw = {
        "Mall Customers": np.column_stack([mall["annual_income"], mall["spending_score"]]),
        "5 groups, 4 columns": blobs(5, 4, 0.01)(rng, 300),
        "3 groups that overlap": blobs(3, 2, 0.1)(rng, 300),
        "one population": rng.normal(size=(300, 3)),
    }
    return {name: (each - each.mean(axis=0)) / each.std(axis=0) for name, each in raw.items()}


def compare(table: Floats) -> dict[str, float]:
    """Largest absolute difference of each figure of one table."""
    labels = np.column_stack(
        [kmeans_of_table(table, k, Search(starts=50), SeedSequence(k)).labels[0] for k in KS]
    )
    middle = labels[:, KS.index(MIDDLE)]
    drawn, found = _bootstrap(table, MIDDLE)
    turned = along_principal_axes(table)
    _, of_draws = SeedSequence(1).spawn(2)  # as in gap_statistic
    draws = np.vstack([uniform_like(turned, seed) for seed in of_draws.spawn(DRAWS)])
    theirs = _by_r({"table": table, "labels": labels, "found": found.T, "drawn": drawn.T, "draws": draws})
    returns = compared(middle, found, drawn, MIDDLE)
    gaps = gap_statistic(table, KS, draws=DRAWS, seed=SeedSequence(1), workers=Workers())
    ours = {
        "silhouette": mean_silhouettes(table, list(labels.T)),
        "gap": np.array([gap.gap for gap in gaps]),
        "ari": returns.aris,
        "jaccard": np.nanmean(returns.jaccards, axis=0),
    }
    return {name: float(np.abs(values - theirs[name]).max()) for name, values in ours.items()}


def _bootstrap(table: Floats, k: int) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which rows [B, n] some bootstrap samples drew, and all rows' segments [B, n] by their centroids."""
    rng = np.random.default_rng(3)
    drawn, found = [], []
    for seed in range(SAMPLES):
        rows = rng.integers(0, len(table), len(table))
        drawn.append(np.isin(np.arange(len(table)), rows))
        fit = kmeans_of_table(table[rows], k, Search(), SeedSequence(seed))
        found.append(nearest(table, fit.centroids[0]))
    return np.array(drawn), np.array(found)


def _by_r(parts: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    with tempfile.TemporaryDirectory() as folder:
        for name, part in parts.items():
            form = "%.17g" if part.dtype == np.float64 else "%d"
            np.savetxt(Path(folder) / f"{name}.csv", part, delimiter=",", fmt=form)
        command = ["Rscript", str(SCRIPT), folder]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in printed.splitlines() if line.strip()]
    return {name: np.array([float(value) for value in values]) for name, *values in lines}


def main() -> int:
    """Compare, print and write."""
    if shutil.which("Rscript") is None:
        print("Rscript is needed; install R with the packages fpc, cluster and mclust", file=sys.stderr)
        return 2
    found = {name: compare(table) for name, table in tables().items()}
    for name, figures in found.items():
        print(f"{name}: " + ", ".join(f"{figure} {value:.2g}" for figure, value in figures.items()))
    RESULTS.write_text(json.dumps({"largest differences": found}, indent=1) + "\n", encoding="utf-8")
    return int(max(value for figures in found.values() for value in figures.values()) > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
