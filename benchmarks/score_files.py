"""Scores files end to end, compared with pandas and scikit-learn on the same rows; also memory for 2 GB.

    python -m benchmarks.score_files [CSV_ROWS] [PARQUET_ROWS] [CSV_GB]

Each figure is from a new process, from its start to the file with its final name: elapsed seconds, CPU
seconds, and peak memory. The alternative reads with pandas, predicts with scikit-learn's scaler and K-Means,
computes the same soft membership, and writes with pandas. Writes benchmarks/results/score_files.json.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from benchmarks.large_table import customers
from trainer import MALL, read_table
from trainer.segments.kmeans import fit_segmentation

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "score_files.json"
REPEATS = 3
HEADERS = ("CustomerID", "Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)")
SCORE = [sys.executable, "-m", "inference", "score"]
BARS = {"csv_seconds": 3.0, "parquet_seconds": 15.0, "large_mb": 400.0}
# A process inherits the peak memory of the process that started it, so a small process starts each run.
LAUNCH = """\
import json, os, sys, time
started = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
spent = time.perf_counter() - started
print(json.dumps([spent, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
sys.exit(os.waitstatus_to_exitcode(status))
"""
PANDAS = """\
import sys, joblib, numpy as np, pandas as pd
source, target, parts = sys.argv[1:]
scaler, kmeans, columns = joblib.load(parts)
frame = pd.read_csv(source) if source.endswith("csv") else pd.read_parquet(source)
points = (frame[columns].to_numpy(float) - scaler.mean_) / scaler.scale_
frame["segment"] = kmeans.predict(points)
weights = -3.0 * kmeans.transform(points) ** 2
weights = np.exp(weights - weights.max(axis=1, keepdims=True))
frame["probability"] = (weights / weights.sum(axis=1, keepdims=True)).max(axis=1)
frame.to_csv(target, index=False) if target.endswith("csv") else frame.to_parquet(target, index=False)
"""


def table(rows: int, *, first: int = 0) -> pa.Table:
    """Customers like those of the embedded table, in whole numbers."""
    columns = customers(rows, seed=first)
    numbers = [columns[name].astype(np.int64) for name in ("age", "annual_income", "spending_score")]
    ids = np.arange(first, first + rows)
    return pa.table(dict(zip(HEADERS, (ids, columns["gender"], *numbers), strict=True)))


def main() -> int:
    """Measure, print and write; exit status 1 when a required bound is not met."""
    given = sys.argv[1:]
    csv_rows, parquet_rows, gigabytes = (
        float(given[place]) if len(given) > place else default
        for place, default in enumerate((1e6, 1e7, 2.0))
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        parts = folder / "parts.joblib"
        fitted = fit_segmentation(MALL, read_table().columns, 5, seed=0)
        names = [HEADERS[1 + MALL.names.index(name)] for name in fitted.schema.clustering]
        joblib.dump((_clustering_scaler(fitted), fitted.kmeans, names), parts)
        report: dict[str, Any] = {
            "csv": _compared(folder / "in.csv", int(csv_rows), parts),
            "parquet": _compared(folder / "in.parquet", int(parquet_rows), parts),
            "large_csv": _large(folder, gigabytes),
        }
    report["cores"] = os.cpu_count()
    report["load"] = os.getloadavg()[0]
    report["versions"] = {
        name: version(name) for name in ("numpy", "onnxruntime", "pandas", "pyarrow", "scikit-learn")
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    found = {
        "csv_seconds": report["csv"]["score"]["seconds"],
        "parquet_seconds": report["parquet"]["score"]["seconds"],
        "large_mb": report["large_csv"]["peak_mb"],
    }
    return int(any(found[name] > bar for name, bar in BARS.items()))


def _clustering_scaler(fitted: Any) -> Any:
    """The part of the fitted scaler for the clustering features."""
    from sklearn.preprocessing import StandardScaler

    raw = np.column_stack([read_table().columns[name] for name in fitted.schema.clustering])
    return StandardScaler().fit(raw)


def _compared(source: Path, rows: int, parts: Path) -> dict[str, Any]:
    """Both ways with the same file, in turn; the best of each."""
    content = table(rows)
    if source.suffix == ".csv":
        arrow_csv.write_csv(content, source)
    else:
        parquet.write_table(content, source)
    del content
    target = source.with_name("out" + source.suffix)
    commands = {
        "score": [*SCORE, str(source), str(target), "--quiet", "--force"],
        "pandas": [sys.executable, "-c", PANDAS, str(source), str(target), str(parts)],
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(REPEATS):
        for name, command in commands.items():
            runs[name].append(measured(command))
            target.unlink()
    source.unlink()
    best = {name: min(found, key=lambda run: run["seconds"]) for name, found in runs.items()}
    ratios = {name: best["pandas"][name] / best["score"][name] for name in best["score"]}
    return {"rows": rows, **best, "pandas_over_score": ratios}


def _large(folder: Path, gigabytes: float) -> dict[str, float]:
    """One run with a file of some GB, which is made for it and then removed."""
    source, target = folder / "large.csv", folder / "large.scored.csv"
    rows, wanted = 0, gigabytes * 2**30
    with source.open("wb") as stream:
        while stream.tell() < wanted:
            part = table(1_000_000, first=rows)
            arrow_csv.write_csv(part, stream, arrow_csv.WriteOptions(include_header=not rows))
            rows += part.num_rows
    found = measured([*SCORE, str(source), str(target), "--quiet"])
    size = source.stat().st_size
    source.unlink()
    target.unlink()
    return {"rows": rows, "gb": size / 2**30, **found}


def measured(command: list[str]) -> dict[str, float]:
    """Seconds, seconds of CPU and peak memory of a process."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    launched = [sys.executable, "-c", LAUNCH, *command]
    done = subprocess.run(launched, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return dict(zip(("seconds", "cpu_seconds", "peak_mb"), json.loads(done.stdout), strict=True))


if __name__ == "__main__":
    sys.exit(main())
