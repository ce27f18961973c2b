"""Checks that novelty is above 1 for one in a hundred new customers like those in training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from trainer import MALL
from trainer.classifier.evaluation.cross_validation import Folding, hold_out
from trainer.parallel import Workers, no_progress
from trainer.results.fitted import far_distances
from trainer.segments.kmeans import Segmentation, fit_segmentation

CENTRES = np.array([[25.0, 80.0], [25.0, 20.0], [55.0, 50.0], [87.0, 82.0], [88.0, 17.0]])
SHARES = np.array([0.11, 0.12, 0.40, 0.19, 0.18])


def _customers(rows: int, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Five groups of income and score like those of the embedded table."""
    drawn = CENTRES[rng.choice(5, size=rows, p=SHARES)] + rng.normal(0.0, 7.0, size=(rows, 2))
    return {
        "gender": rng.choice(["Female", "Male"], rows).astype(object),
        "age": rng.uniform(18.0, 70.0, size=rows),
        "annual_income": drawn[:, 0],
        "spending_score": drawn[:, 1],
    }


def _beyond(segmentation: Segmentation, far: NDArray[np.float64], rng: np.random.Generator) -> float:
    """The share of new customers who are farther than their segment's limit."""
    distances = segmentation.distances(_customers(20_000, rng))
    return float((distances.min(axis=1) > far[distances.argmin(axis=1)]).mean())


@pytest.mark.parametrize(("rows", "tables"), [(200, 40), (2_000, 8)])
def test_one_new_customer_in_a_hundred_is_beyond(
    rows: int, tables: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.classifier.evaluation.cross_validation.CANDIDATES", {})
    rng = np.random.default_rng(rows)
    held = []
    for _ in range(tables):
        columns = _customers(rows, rng)
        segmentation = fit_segmentation(MALL, columns, 5, seed=0, n_init=2)
        labels = segmentation.nearest(columns)
        found = hold_out(
            segmentation,
            columns,
            labels,
            folding=Folding(folds=5, repeats=1, seed=0),
            workers=Workers(jobs=1, progress=no_progress, processes=False),
        )
        held.append(_beyond(segmentation, far_distances(found.distances()[0], rows), rng))
    assert 0.005 < np.mean(held) < 0.015


def test_the_rank_counts_one_customer_more() -> None:
    """One segment, all customers at distance 1 but a few: the second largest of 199 is the 199th of 200."""
    distances = np.ones((199, 1))
    distances[0], distances[1] = 2.0, 3.0
    mean_square = (197 + 4 + 9) / 199
    left_out = np.sqrt((197 + 9) / 198)
    assert far_distances(distances, 199)[0] == pytest.approx(2.0 / left_out * np.sqrt(mean_square), rel=0.01)


def test_a_wide_segment_has_its_own_unit() -> None:
    rng = np.random.default_rng(0)
    narrow = np.column_stack([rng.gamma(4.0, 0.1, size=300), np.full(300, 99.0)])
    wide = np.column_stack([np.full(300, 99.0), rng.gamma(4.0, 1.0, size=300)])
    far = far_distances(np.concatenate([narrow, wide]), 600)
    assert far[1] == pytest.approx(10 * far[0], rel=0.2)


def test_customers_who_are_all_alike_get_a_limit_above_zero() -> None:
    assert (far_distances(np.zeros((30, 1)), 30) == 1.0).all()
    mixed = np.concatenate([np.column_stack([np.zeros(30), np.full(30, 9.0)]), np.full((30, 2), (9.0, 0.5))])
    assert (far_distances(mixed, 60) > 0.3).all()
