"""Chooses segments of a million customers: time, memory, and the inertia compared with full runs.

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

from trainer import MALL, ChoiceSettings, choose_k, read_table
from trainer.schema.features import feature_names, matrix

K, BEST_OF = 5, 5
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
    features = matrix(MALL, columns, feature_names(MALL))
    before = _peak()
    number, whole = _timed(lambda: choose_k(features, ChoiceSettings(user_k=K, search_columns=False)))
    memory = _peak() - before
    points = number.scaler.scaled(features)
    best = min(KMeans(K, n_init=1, random_state=seed).fit(points).inertia_ for seed in range(BEST_OF))
    runs = {
        "KMeans, one start": lambda: KMeans(K, n_init=1, random_state=0).fit(points),
        "KMeans, ten starts": lambda: KMeans(K, n_init=10, random_state=0).fit(points),
        "MiniBatchKMeans, defaults": lambda: MiniBatchKMeans(K, random_state=0).fit(points),
    }
    table = {name: _measured(run, best) for name, run in runs.items()}
    own = float(((points - number.centroids[number.labels]) ** 2).sum() / best)
    table["this product, the number of segments judged too"] = {"seconds": whole, "inertia_over_best": own}
    report = {
        "rows": rows,
        "columns": points.shape[1],
        "peak_memory_gb": memory,
        "segments": number.k,
        "on_all_columns": table,
        "versions": {name: version(name) for name in ("numpy", "scikit-learn")},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return int(whole > 60 or memory > 2 or own > 1.02)


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
