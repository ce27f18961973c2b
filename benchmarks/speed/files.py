"""Files end to end: a new process from its start to the scored file with its final name."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import joblib
import numpy as np
from sklearn.preprocessing import StandardScaler

from benchmarks.speed.made_customers import HEADERS, write_table
from benchmarks.speed.measuring import OURS, Case, Figures, Metric, Way
from benchmarks.speed.processes import measured
from trainer import MALL, read_table
from trainer.segments.kmeans import fit_segmentation

SCORE = [sys.executable, "-m", "inference", "score"]
SECONDS, CPU, MEMORY = (
    Metric(key="seconds", unit="s"),
    Metric(key="cpu_seconds", unit="s CPU"),
    Metric(key="peak_mb", unit="MB"),
)
PER_ROW = Metric(key="ns_per_row", unit="ns a row")
_ANSWERS = """\
weights = -3.0 * kmeans.transform(points) ** 2
weights = np.exp(weights - weights.max(axis=1, keepdims=True))
segment, chance = kmeans.predict(points), (weights / weights.sum(axis=1, keepdims=True)).max(axis=1)
"""
PANDAS = f"""\
import sys, joblib, numpy as np, pandas as pd
source, target, parts = sys.argv[1:]
scaler, kmeans, columns = joblib.load(parts)
frame = pd.read_csv(source) if source.endswith("csv") else pd.read_parquet(source)
points = (frame[columns].to_numpy(float) - scaler.mean_) / scaler.scale_
{_ANSWERS}
frame = frame.assign(segment=segment, probability=chance)
frame.to_csv(target, index=False) if target.endswith("csv") else frame.to_parquet(target, index=False)
"""
POLARS = f"""\
import sys, joblib, numpy as np, polars as pl
source, target, parts = sys.argv[1:]
scaler, kmeans, columns = joblib.load(parts)
frame = pl.read_csv(source) if source.endswith("csv") else pl.read_parquet(source)
points = (frame.select(columns).to_numpy().astype(float) - scaler.mean_) / scaler.scale_
{_ANSWERS}
frame = frame.with_columns(pl.Series("segment", segment), pl.Series("probability", chance))
frame.write_csv(target) if target.endswith("csv") else frame.write_parquet(target)
"""


@contextmanager
def _beside(suffix: str, rows: int) -> Iterator[Mapping[str, Way]]:
    """The same file by this product, and by K-Means with pandas and with polars."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source, target, parts = folder / f"in{suffix}", folder / f"out{suffix}", folder / "parts.joblib"
        write_table(source, rows)
        _write_parts(parts)
        names = [str(source), str(target)]
        commands = {
            OURS: [*SCORE, *names, "--quiet", "--force"],
            "pandas and scikit-learn": [sys.executable, "-c", PANDAS, *names, str(parts)],
            "polars and scikit-learn": [sys.executable, "-c", POLARS, *names, str(parts)],
        }
        yield {name: partial(run_to, command, target) for name, command in commands.items()}


def run_to(command: list[str], target: Path, _turn: int) -> Figures:
    """Measure a command that writes a file, and remove the file."""
    found = measured(command)
    target.unlink()
    return found


def _write_parts(path: Path) -> None:
    """Scaler, K-Means and the headers of their columns, fitted on the embedded table."""
    fitted = fit_segmentation(MALL, read_table().columns, 5, seed=0)
    headers = [HEADERS[1 + MALL.names.index(name)] for name in fitted.schema.clustering]
    raw = np.column_stack([read_table().columns[name] for name in fitted.schema.clustering])
    joblib.dump((StandardScaler().fit(raw), fitted.kmeans, headers), path)


@contextmanager
def _sizes() -> Iterator[Mapping[str, Way]]:
    """Ever larger Parquet files by this product alone: the first way is the largest one."""
    with tempfile.TemporaryDirectory() as temporary:
        ways: dict[str, Way] = {}
        for millions in (50, 10, 1):
            source = Path(temporary) / f"{millions}.parquet"
            write_table(source, millions * 1_000_000)
            target = source.with_name("out.parquet")
            command = [*SCORE, str(source), str(target), "--quiet", "--force"]
            name = OURS if millions == 50 else f"this product, {millions} M rows"
            ways[name] = partial(_cost_per_row, command, target, millions * 1_000_000)
        yield ways


def _cost_per_row(command: list[str], target: Path, rows: int, turn: int) -> Figures:
    found = run_to(command, target, turn)
    return {"ns_per_row": found["cpu_seconds"] / rows * 1e9, "peak_mb": found["peak_mb"]}


CASES = (
    Case(
        key="csv-million",
        title="1 M rows of CSV end to end, whole process",
        metrics=(SECONDS, CPU, MEMORY),
        ways=partial(_beside, ".csv", 1_000_000),
        rounds=7,
        wanted="<= 0.45 s, >= 7 times pandas, >= 3.5 times polars",
    ),
    Case(
        key="parquet-10-million",
        title="10 M rows of Parquet end to end, whole process",
        metrics=(SECONDS, CPU, MEMORY),
        ways=partial(_beside, ".parquet", 10_000_000),
        rounds=3,
        wanted="<= 1.5 s",
        large=True,
    ),
    Case(
        key="sizes",
        title="50 M rows of Parquet, beside fewer",
        metrics=(PER_ROW, MEMORY),
        ways=_sizes,
        rounds=3,
        wanted="cost of a row within 10 %, <= 300 MB",
        large=True,
    ),
)
