"""Compares two scored files of many customers, beside pandas.

    python -m benchmarks.compare_files [ROWS]

Each figure is from a new process: elapsed seconds, CPU seconds and peak memory. The alternative reads both
files with pandas, merges them by id and counts with ``crosstab``. A tenth of the rows shows how memory grows.
Writes benchmarks/results/compare_files.json.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from benchmarks.speed.processes import measured

RESULTS = Path(__file__).parent / "results" / "compare_files.json"
ROWS, MOVED = 10_000_000, 0.05
NAMES = np.array([f"segment {letter}" for letter in "ABCDE"])
COMPARE = [sys.executable, "-m", "inference", "compare"]
PANDAS = """\
import sys, pandas as pd
one, other = (pd.read_parquet(path) for path in sys.argv[1:])
both = one.merge(other, on="customer_id", how="outer", validate="one_to_one")
pd.crosstab(both["segment_x"], both["segment_y"])
"""


def write_pair(folder: Path, rows: int) -> list[str]:
    """Two scored files of the same customers in another order."""
    rng = np.random.default_rng(0)
    before = rng.integers(0, len(NAMES), rows)
    after = np.where(rng.random(rows) < MOVED, rng.integers(0, len(NAMES), rows), before)
    paths = []
    for name, codes in (("before", before), ("after", after)):
        order = rng.permutation(rows)
        ids = pa.array([f"C{each:08d}" for each in order.tolist()])
        paths.append(str(folder / f"{name}.parquet"))
        parquet.write_table(pa.table({"customer_id": ids, "segment": NAMES[codes[order]]}), paths[-1])
    return paths


def main() -> int:
    """Measure, print and write."""
    rows = int(float(sys.argv[1])) if len(sys.argv) > 1 else ROWS
    report: dict[str, Any] = {"rows": rows, "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as temporary:
        few = write_pair(Path(temporary), rows // 10)
        report["tenth"] = measured([*COMPARE, *few, "--quiet"])
        many = write_pair(Path(temporary), rows)
        report["compare"] = measured([*COMPARE, *many, "--quiet"])
        report["pandas"] = measured([sys.executable, "-c", PANDAS, *many])
    report["pandas_over_compare"] = {
        name: report["pandas"][name] / report["compare"][name] for name in report["compare"]
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
