"""Rows in one process: one customer, and a million at once, with one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.speed.made_customers import CLUSTERING, Columns, as_numbers, customers, one_by_one
from benchmarks.speed.measuring import (
    OURS,
    Case,
    Metric,
    Way,
    microseconds,
    million_rows_per_second,
)
from inference import Segmenter
from trainer import read_table

MODEL = Path(__file__).parents[2] / "artifacts" / "model.onnx"
ROWS, ROUNDS, CALLS, SLOW_CALLS = 1_000_000, 15, 1_000, 50
TREES, DEPTH = 40, 2  # of the served blend
MICROSECONDS = Metric(key="us", unit="us")
RATE = Metric(key="rate", unit="M rows/s", more_is_better=True)
PIPELINE = "scikit-learn pipeline with XGBoost"
BARE = "its bare graph, `session.run`"
KMEANS = "scikit-learn's scaler and K-Means"
XGBOOST = "native XGBoost, inplace_predict"


def fitted_pipeline() -> Pipeline:
    """From a table's columns to K-Means' labels: scaling, one-hot encoding, XGBoost with one thread."""
    frame = pd.DataFrame(read_table().columns)
    scaled = StandardScaler().fit_transform(frame[CLUSTERING])
    labels = KMeans(5, n_init=10, random_state=0).fit_predict(scaled)
    steps = make_column_transformer(
        (StandardScaler(), CLUSTERING), (OneHotEncoder(), ["gender"]), remainder="drop"
    )
    boosted = xgboost.XGBClassifier(n_estimators=TREES, max_depth=DEPTH, n_jobs=1)
    return make_pipeline(steps, boosted).fit(frame, labels)


@contextmanager
def _one(*, known: bool) -> Iterator[Mapping[str, Way]]:
    """One customer; ``known``: with every column, else without the spending score."""
    segmenter, pipeline = Segmenter.load(MODEL), fitted_pipeline()
    rows = one_by_one(customers(CALLS * (ROUNDS + 1), seed=1))
    hidden = () if known else ("spending_score",)
    asked = [{name: value for name, value in row.items() if name not in hidden} for row in rows]
    run, feeds = _bare(segmenter, asked[0], known=known)
    yield {
        OURS: lambda turn: microseconds(lambda at: segmenter.predict(**asked[at]), _places(turn, CALLS)),
        PIPELINE: lambda turn: microseconds(
            lambda at: pipeline.predict_proba(pd.DataFrame([rows[at]])), _places(turn, SLOW_CALLS)
        ),
        BARE: lambda turn: microseconds(lambda _: run(None, feeds), _places(turn, CALLS)),
    }


def _places(turn: int, calls: int) -> range:
    """Which customers a round asks for; the warm-up is round -1."""
    first = (turn + 1) % (ROUNDS + 1) * CALLS
    return range(first, first + calls)


def _bare(
    segmenter: Segmenter, row: dict[str, Any], *, known: bool
) -> tuple[Callable[..., Any], dict[str, NDArray[Any]]]:
    """What runs the small graph that answers one row, and what it is fed.

    Raises:
        ValueError: when the model's file does not have it.
    """
    one = segmenter._one
    graph, prepared = one._complete if known else one._incomplete, one._preparation.prepare(row)
    if graph is None or prepared is None:
        raise ValueError("the model must have graphs for one customer, complete and incomplete")
    return graph.run, graph.feeds(*prepared)


@contextmanager
def _complete() -> Iterator[Mapping[str, Way]]:
    """A million customers with the two clustering columns."""
    segmenter = Segmenter.load(MODEL)
    scaler, kmeans, booster = _natively()

    def points(turn: int) -> Columns:
        whole = customers(ROWS, seed=turn + 1)
        return {name: whole[name] for name in CLUSTERING}

    def nearest(turn: int) -> dict[str, float]:
        both = np.column_stack(list(points(turn).values()))
        return million_rows_per_second(lambda: kmeans.predict(scaler.transform(both)), ROWS)

    def boosted(turn: int) -> dict[str, float]:
        numbers = as_numbers(customers(ROWS, seed=turn + 1))
        return million_rows_per_second(lambda: booster.inplace_predict(numbers), ROWS)

    yield {
        OURS: lambda turn: million_rows_per_second(partial(segmenter.predict_many, points(turn)), ROWS),
        XGBOOST: boosted,
        KMEANS: nearest,
    }


@contextmanager
def _half_partial() -> Iterator[Mapping[str, Way]]:
    """A million customers with four columns; half have no spending score."""
    segmenter = Segmenter.load(MODEL)
    *_, booster = _natively()

    def half(turn: int) -> Columns:
        whole = customers(ROWS, seed=turn + 1)
        hidden = np.random.default_rng(turn + 1).random(ROWS) < 0.5
        return {**whole, "spending_score": np.where(hidden, np.nan, whole["spending_score"])}

    def boosted(turn: int) -> dict[str, float]:
        numbers = as_numbers(half(turn))
        return million_rows_per_second(lambda: booster.inplace_predict(numbers), ROWS)

    yield {
        OURS: lambda turn: million_rows_per_second(partial(segmenter.predict_many, half(turn)), ROWS),
        XGBOOST: boosted,
    }


def _natively() -> tuple[StandardScaler, KMeans, xgboost.Booster]:
    """Scaler, K-Means and trees of the served size, fitted on the embedded table."""
    train = read_table().columns
    points = np.column_stack([train[name] for name in CLUSTERING])
    scaler = StandardScaler().fit(points)
    kmeans = KMeans(5, n_init=10, random_state=0).fit(scaler.transform(points))
    boosted = xgboost.XGBClassifier(n_estimators=TREES, max_depth=DEPTH, n_jobs=1)
    return scaler, kmeans, boosted.fit(as_numbers(train), kmeans.labels_).get_booster()


CASES = (
    Case(
        key="one-complete",
        title="one customer, all known, `Segmenter.predict` with validation",
        metrics=(MICROSECONDS,),
        ways=partial(_one, known=True),
        rounds=ROUNDS,
        wanted="<= 22 us, >= 30 times",
    ),
    Case(
        key="one-partial",
        title="one customer, partly known, blend of trees and Gaussians",
        metrics=(MICROSECONDS,),
        ways=partial(_one, known=False),
        rounds=ROUNDS,
        wanted="<= 48 us",
    ),
    Case(
        key="million-complete",
        title="1 M customers through `predict_many`, one thread",
        metrics=(RATE,),
        ways=_complete,
        rounds=9,
        wanted=">= 10 M rows/s",
    ),
    Case(
        key="million-half",
        title="1 M customers, half partly known, blend included, one thread",
        metrics=(RATE,),
        ways=_half_partial,
        rounds=9,
        wanted=">= 2.5 times native XGBoost",
    ),
)
