"""Checks the novelty of customers with unknown clustering columns."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference import Segmenter
from trainer.results.known_limits import EACH_PATTERN, KnownLimits, known_limits

CENTROIDS = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]])


def customers(rows: int, seed: int, centroids: NDArray[np.float64] = CENTROIDS) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return centroids[rng.integers(0, len(centroids), rows)] + rng.normal(0, 1, (rows, centroids.shape[1]))


def limits(rows: int, seed: int, centroids: NDArray[np.float64] = CENTROIDS) -> KnownLimits:
    points = customers(rows, seed, centroids)
    return known_limits((points[:, None] - centroids[None]) ** 2, rows)


@pytest.mark.parametrize("rows", [200, 2_000])
@pytest.mark.parametrize("hidden", [(), (0,), (1,)])
def test_one_percent_of_new_customers_are_called_unusual(rows: int, hidden: tuple[int, ...]) -> None:
    shares = []
    for seed in range(20):
        new = customers(2_000, 100 + seed)
        new[:, list(hidden)] = np.nan
        shares.append(np.mean(limits(rows, seed).novelty(new, CENTROIDS) > 1))
    assert np.mean(shares) == pytest.approx(0.01, abs=0.005)


@pytest.mark.parametrize("hidden", [0, 1])
def test_a_value_far_outside_is_noticed_and_nothing_known_says_nothing(hidden: int) -> None:
    far = np.full((1, 2), 12.0)
    far[:, hidden] = np.nan
    assert limits(200, 0).novelty(far, CENTROIDS)[0] > 1
    assert np.isnan(limits(200, 0).novelty(np.full((1, 2), np.nan), CENTROIDS)[0])


def test_many_features_share_a_limit_by_how_many_are_known() -> None:
    width = EACH_PATTERN + 2
    centroids = np.eye(width)[:3] * 6
    found = limits(1_000, 0, centroids)
    assert len(found.limits) == width + 1
    new = customers(4_000, 1, centroids)
    new[np.random.default_rng(2).random(new.shape) < 0.4] = np.nan
    assert np.mean(found.novelty(new, centroids) > 1) == pytest.approx(0.01, abs=0.006)


def test_customers_that_are_all_alike_have_limits_above_zero() -> None:
    points = CENTROIDS[np.arange(60) % 3]
    found = known_limits((points[:, None] - CENTROIDS[None]) ** 2, 60)
    assert (found.mean_squares > 0).all()
    assert (found.limits[1:] > 0).all()


def test_the_published_file_notices_an_income_far_outside(published: Segmenter) -> None:
    usual, far = (published.predict(annual_income=income) for income in (60, 9_999))
    assert usual.novelty is not None
    assert usual.novelty < 1
    assert far.novelty is not None
    assert far.novelty > 1
    assert not far.enough
    assert published.predict(age=30).novelty is None
