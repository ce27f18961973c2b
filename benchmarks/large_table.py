"""Fits a million customers: time, memory, and the inertia compared with the best of full runs.

    python -m benchmarks.large_table [ROWS]

For comparison, in the same run and on the same rows: scikit-learn's KMeans with one and with ten starts, and
MiniBatchKMeans with its defaults. Writes benchmarks/results/large_table.json.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans

from trainer import MALL, read_table
from trainer.schema.features import feature_names, matrix
from trainer.segments.kmeans import fit_kmeans, fit_segmentation

K, STARTS, BEST_OF = 5, 20, 5
RESULTS = Path(__file__).parent / "results" / "large_table.json"


def customers(rows: int, seed: int) -> dict[str, NDArray[Any]]:
    """A table like the embedded one: each of its customers many times, with small random changes."""
    rng = np.random.default_rng(seed)
    small = read_table().columns
    drawn = rng.integers(0, len(small["age"]), rows)
    columns: dict[str, NDArray[Any]] = {"gender": small["gender"][drawn]}
    for name in ("age", "annual_income", "spending_score"):
        moved = small[name][drawn] + rng.normal(0, small[name].std() / 4, rows)
        columns[name] = moved.clip(small[name].min(), small[name].max())
    return columns


def main() -> int:
    """Measure, print and write; exit status 1 when a required bound is not met."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    columns = customers(rows, seed=0)
    before = _peak()
    fitted, whole = _timed(lambda: fit_segmentation(MALL, columns, K, seed=0, n_init=STARTS))
    memory = _peak() - before
    features = matrix(MALL, columns, feature_names(MALL))
    points = (features - features.mean(axis=0)) / features.std(axis=0)
    best = min(KMeans(K, n_init=1, random_state=seed).fit(points).inertia_ for seed in range(BEST_OF))
    runs = {
        "sample, then one run over everything": lambda: fit_kmeans(points, K, seed=0, n_init=STARTS),
        "KMeans, one start": lambda: KMeans(K, n_init=1, random_state=0).fit(points),
        "KMeans, ten starts": lambda: KMeans(K, n_init=10, random_state=0).fit(points),
        "MiniBatchKMeans, defaults": lambda: MiniBatchKMeans(K, random_state=0).fit(points),
    }
    table = {name: _measured(run, best) for name, run in runs.items()}
    report = {
        "rows": rows,
        "columns": points.shape[1],
        "scaler_and_kmeans_seconds": whole,
        "peak_memory_gb": memory,
        "segments": fitted.k,
        "kmeans_on_all_columns": table,
        "versions": {name: version(name) for name in ("numpy", "scikit-learn")},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    own = table["sample, then one run over everything"]
    return int(whole > 30 or memory > 2 or own["inertia_over_best"] > 1.001)


def _measured(run: Callable[[], Any], best: float) -> dict[str, float]:
    model, seconds = _timed(run)
    return {"seconds": seconds, "inertia_over_best": float(model.inertia_ / best)}


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    result = run()
    return result, time.perf_counter() - started


def _peak() -> float:
    """Peak resident memory of this process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    sys.exit(main())
