"""Answers in one process, beside what a Python programmer would use instead.

    python -m benchmarks.in_process

One customer through ``Segmenter.predict``, with its validation, beside a scikit-learn pipeline of the same
steps from a DataFrame, as its documentation shows, and beside the bare graph. A million customers through
``predict_many``, beside K-Means' ``predict`` on scaled columns (complete) and native XGBoost with the trees
of the served blend's size (partly known). One thread for all; rounds of all in turn, each call with other
customers, medians with the spread between the quartiles. Writes benchmarks/results/in_process.json.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import onnxruntime as ort
import pandas as pd
import xgboost
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.large_table import customers
from inference import Segmenter
from trainer import read_table

MODEL = Path(__file__).parents[1] / "artifacts" / "model.onnx"
RESULTS = Path(__file__).parent / "results" / "in_process.json"
ROWS, ROUNDS, CALLS = 1_000_000, 9, 500
CLUSTERING = ["annual_income", "spending_score"]
TREES, DEPTH = 40, 2

Columns = dict[str, NDArray[Any]]


def main() -> int:
    """Measure, print and write."""
    segmenter = Segmenter.load(MODEL)
    report = {
        **_one(segmenter),
        **_many(segmenter),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "versions": {
            name: version(name) for name in ("numpy", "onnxruntime", "pandas", "scikit-learn", "xgboost")
        },
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return 0


def _one(segmenter: Segmenter) -> dict[str, Any]:
    """One customer: microseconds of each way, and ratios to it."""
    table = pd.DataFrame(read_table().columns)
    steps = make_column_transformer(
        (StandardScaler(), CLUSTERING), (OneHotEncoder(), ["gender"]), remainder="drop"
    )
    labels = KMeans(5, n_init=10, random_state=0).fit_predict(
        StandardScaler().fit_transform(table[CLUSTERING])
    )
    pipeline = make_pipeline(steps, xgboost.XGBClassifier(n_estimators=TREES, max_depth=DEPTH, n_jobs=1))
    pipeline.fit(table, labels)
    rows = _rows(customers(CALLS * ROUNDS, seed=1))
    unknown = [{name: value for name, value in row.items() if name != "spending_score"} for row in rows]
    complete, incomplete = _row_sessions(segmenter)
    ready = [segmenter._preparation.prepare(row) for row in (rows[0], unknown[0])]
    feeds = [each.feeds for each in ready if each is not None]
    few = {name: feeds[0][name] for name in CLUSTERING}
    ways: dict[str, Callable[[int], Any]] = {
        "complete": lambda at: segmenter.predict(**rows[at]),
        "partial": lambda at: segmenter.predict(**unknown[at]),
        "bare_complete": lambda _: complete.run(None, few),
        "bare_partial": lambda _: incomplete.run(None, feeds[1]),
        "pipeline": lambda at: pipeline.predict_proba(pd.DataFrame([rows[at]])),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS):
        for name, way in ways.items():
            calls = CALLS // 10 if name == "pipeline" else CALLS
            started = time.perf_counter()
            for at in range(turn * CALLS, turn * CALLS + calls):
                way(at)
            times[name].append((time.perf_counter() - started) / calls * 1e6)
    found = {name: _summary(each) for name, each in times.items()}
    ratios = {
        f"pipeline_over_{name}": found["pipeline"]["median"] / found[name]["median"]
        for name in ("complete", "partial")
    }
    return {"one_row_us": found, "one_row_ratios": ratios}


def _row_sessions(segmenter: Segmenter) -> tuple[ort.InferenceSession, ort.InferenceSession]:
    """The bare graphs for one row, complete and incomplete.

    Raises:
        ValueError: when the model's file does not have both.
    """
    graphs = segmenter._graphs
    if graphs.complete is None or graphs.incomplete is None:
        raise ValueError("the model must have a graph for complete and one for incomplete rows")
    return graphs.complete.session, graphs.incomplete.session


def _nearest(scaler: StandardScaler, kmeans: KMeans, points: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(kmeans.predict(scaler.transform(points)))


def _many(segmenter: Segmenter) -> dict[str, Any]:
    """A million customers: millions per second of each way, and ratios."""
    train = read_table().columns
    points = np.column_stack([train[name] for name in CLUSTERING])
    scaler = StandardScaler().fit(points)
    kmeans = KMeans(5, n_init=10, random_state=0).fit(scaler.transform(points))
    inputs = _numbers(train)
    boosted = xgboost.XGBClassifier(n_estimators=TREES, max_depth=DEPTH, n_jobs=1).fit(inputs, kmeans.labels_)
    booster = boosted.get_booster()
    times: dict[str, list[float]] = {}
    for turn in range(ROUNDS):
        whole = customers(ROWS, seed=turn)
        two = {name: whole[name] for name in CLUSTERING}
        hidden = np.random.default_rng(turn).random(ROWS) < 0.5
        half = {**whole, "spending_score": np.where(hidden, np.nan, whole["spending_score"])}
        both, numbers = np.column_stack(list(two.values())), _numbers(half)
        ways: dict[str, Callable[[], Any]] = {
            "complete_two_columns": partial(segmenter.predict_many, two),
            "complete_all_columns": partial(segmenter.predict_many, whole),
            "half_partial": partial(segmenter.predict_many, half),
            "kmeans": partial(_nearest, scaler, kmeans, both),
            "xgboost": partial(booster.inplace_predict, numbers),
        }
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            times.setdefault(name, []).append(ROWS / (time.perf_counter() - started) / 1e6)
    found = {name: _summary(each) for name, each in times.items()}
    return {
        "million_rows_per_second": found,
        "many_rows_ratios": {
            "complete_over_kmeans": found["complete_two_columns"]["median"] / found["kmeans"]["median"],
            "half_partial_over_xgboost": found["half_partial"]["median"] / found["xgboost"]["median"],
        },
    }


def _rows(columns: Columns) -> list[dict[str, Any]]:
    names = list(columns)
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(columns[name].tolist() for name in names), strict=True)
    ]


def _numbers(columns: Columns) -> NDArray[np.float32]:
    """What XGBoost is given: numbers, categories as 0 and 1."""
    gender = np.asarray(columns["gender"]) == "Female"
    return np.column_stack([gender, *(columns[name] for name in ("age", *CLUSTERING))]).astype(np.float32)


def _summary(values: list[float]) -> dict[str, float]:
    low, middle, high = np.percentile(values, (25, 50, 75))
    return {"median": float(middle), "spread": float(high - low)}


if __name__ == "__main__":
    sys.exit(main())
