"""Checks that memberships are probabilities, depend on distance, and use the scale that fits best."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.segments.soft_membership import SCALE_RANGE, fit_scale, soft_membership

pytestmark = pytest.mark.fast


def test_the_nearest_centroid_is_the_most_likely() -> None:
    distances = np.random.default_rng(0).uniform(0, 4, (300, 5))
    membership = soft_membership(distances, 2.0)
    assert membership.sum(axis=1) == pytest.approx(np.ones(300))
    assert np.array_equal(membership.argmax(axis=1), distances.argmin(axis=1))


def test_equal_distances_are_equally_likely() -> None:
    assert soft_membership(np.array([[1.0, 1.0, 30.0]]), 2.0)[0] == pytest.approx([0.5, 0.5, 0.0])


def test_finds_the_scale_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    distances = rng.uniform(0, 2, (20_000, 4))
    probabilities = soft_membership(distances, 1.7)
    labels = (probabilities.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert fit_scale(distances, labels) == pytest.approx(1.7, rel=0.05)


def test_stays_within_limits_when_labels_are_never_in_doubt() -> None:
    distances = np.array([[0.1, 2.0], [2.0, 0.1]])
    scale = fit_scale(distances, np.array([0, 1]))
    assert SCALE_RANGE[0] < scale <= SCALE_RANGE[1]
