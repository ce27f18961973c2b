"""Columns with groups are found among columns of noise."""

import numpy as np
from numpy.random import SeedSequence

from trainer.segments.structure.noise_columns import columns_with_groups


def scaled(table: np.ndarray) -> np.ndarray:
    return np.asarray((table - table.mean(axis=0)) / table.std(axis=0))


def test_noise_is_left_out() -> None:
    rng = np.random.default_rng(0)
    corners = np.array([[0, 0], [7, 0], [0, 7], [7, 7]])[rng.integers(0, 4, 200)]
    table = np.hstack([rng.normal(size=(200, 3)), corners + rng.normal(size=(200, 2))])
    assert columns_with_groups(scaled(table), SeedSequence(0)) == (3, 4)


def test_nothing_is_left_out_where_all_columns_hold_the_groups() -> None:
    rng = np.random.default_rng(0)
    table = 5 * rng.integers(0, 3, 200)[:, None] + rng.normal(size=(200, 3))
    assert columns_with_groups(scaled(table), SeedSequence(0)) is None


def test_no_column_of_pure_noise_is_proposed() -> None:
    for seed in range(5):
        table = np.random.default_rng(seed).normal(size=(150, 4))
        assert columns_with_groups(table, SeedSequence(seed)) is None


def test_one_column_has_no_subset() -> None:
    assert columns_with_groups(np.random.default_rng(0).normal(size=(100, 1)), SeedSequence(0)) is None
