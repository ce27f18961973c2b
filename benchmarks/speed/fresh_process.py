"""A fresh process to its first answer: imports, loading with self-test, one customer."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import joblib

from benchmarks.speed.measuring import OURS, Case, Figures, Metric, Way
from benchmarks.speed.processes import measured
from benchmarks.speed.rows import MODEL, fitted_pipeline

ANSWER = f"from inference import Segmenter; Segmenter.load({str(MODEL)!r}).predict(age=31, annual_income=17)"
JOBLIB = """\
import sys, joblib, pandas as pd
row = dict(gender="Female", age=31, annual_income=17, spending_score=40)
joblib.load(sys.argv[1]).predict_proba(pd.DataFrame([row]))
"""


@contextmanager
def _ways() -> Iterator[Mapping[str, Way]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pipeline.joblib"
        joblib.dump(fitted_pipeline(), path)
        yield {
            OURS: lambda _: _started("-c", ANSWER),
            "joblib, scikit-learn and XGBoost": lambda _: _started("-c", JOBLIB, str(path)),
        }


def _started(*arguments: str) -> Figures:
    found = measured([sys.executable, *arguments])
    return {"cpu_ms": found["cpu_seconds"] * 1e3, "peak_mb": found["peak_mb"]}


CASES = (
    Case(
        key="fresh-process",
        title="a fresh process to the first answer",
        metrics=(Metric(key="cpu_ms", unit="ms CPU"), Metric(key="peak_mb", unit="MB")),
        ways=_ways,
        rounds=15,
        wanted="<= 170 ms, >= 7.5 times less CPU",
    ),
)
