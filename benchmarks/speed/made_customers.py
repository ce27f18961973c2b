"""Tables for measurements: like the embedded one, of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from trainer import read_table

HEADERS = ("CustomerID", "Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)")
CLUSTERING = ["annual_income", "spending_score"]
AT_ONCE = 1_000_000  # rows that are made at a time

Columns = dict[str, NDArray[Any]]


def customers(rows: int, seed: int) -> Columns:
    """Each customer of the embedded table many times, with small random changes."""
    rng = np.random.default_rng(seed)
    small = read_table().columns
    drawn = rng.integers(0, len(small["age"]), rows)
    columns: Columns = {"gender": small["gender"][drawn]}
    for name in ("age", *CLUSTERING):
        moved = small[name][drawn] + rng.normal(0, small[name].std() / 4, rows)
        columns[name] = moved.clip(small[name].min(), small[name].max())
    return columns


def one_by_one(columns: Columns) -> list[dict[str, Any]]:
    """The customers of a table as rows of plain values."""
    names = list(columns)
    cells = zip(*(columns[name].tolist() for name in names), strict=True)
    return [dict(zip(names, row, strict=True)) for row in cells]


def as_numbers(columns: Columns) -> NDArray[np.float32]:
    """What XGBoost is given: numbers [n, 4], categories as 0 and 1."""
    gender = np.asarray(columns["gender"]) == "Female"
    return np.column_stack([gender, *(columns[name] for name in ("age", *CLUSTERING))]).astype(np.float32)


def table(rows: int, *, first: int = 0) -> pa.Table:
    """Customers with the embedded table's headers, in whole numbers."""
    columns = customers(rows, seed=first)
    numbers = [columns[name].astype(np.int64) for name in ("age", *CLUSTERING)]
    ids = np.arange(first, first + rows)
    return pa.table(dict(zip(HEADERS, (ids, columns["gender"], *numbers), strict=True)))


def write_table(path: Path, rows: int) -> None:
    """Write a CSV or Parquet file, by its name, a million rows at a time."""
    parts = (table(min(AT_ONCE, rows - first), first=first) for first in range(0, rows, AT_ONCE))
    part = next(parts)
    writer: Any = (
        arrow_csv.CSVWriter(path, part.schema)
        if path.suffix == ".csv"
        else parquet.ParquetWriter(path, part.schema)
    )
    with writer:
        while part is not None:
            writer.write_table(part)
            part = next(parts, None)
