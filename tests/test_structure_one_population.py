"""Tables of one population keep the columns' shapes and relations, and have no groups."""

import numpy as np
from scipy.stats import rankdata

from trainer.segments.structure.one_population import fit_one_population


def rank_correlation(table: np.ndarray) -> float:
    return float(np.corrcoef(rankdata(table, axis=0), rowvar=False)[0, 1])


def test_columns_have_the_scale_and_the_relations_of_the_table() -> None:
    rng = np.random.default_rng(0)
    table = np.exp(rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 2_000))
    drawn = fit_one_population(table).draw(2_000, rng)
    np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(drawn.std(axis=0), table.std(axis=0))
    assert abs(rank_correlation(drawn) - rank_correlation(table)) < 0.05
    assert drawn.max() > 4


def test_four_corners_become_one_cloud() -> None:
    rng = np.random.default_rng(0)
    table = rng.choice([-5.0, 5.0], (1_000, 2)) + rng.normal(size=(1_000, 2))
    drawn = fit_one_population(table).draw(1_000, rng)
    assert (np.abs(table).max(axis=1) < 2).mean() < 0.01
    assert (np.abs(drawn) < 2).all(axis=1).mean() > 0.02


def test_a_single_column_is_drawn_and_differs_each_time() -> None:
    rng = np.random.default_rng(0)
    population = fit_one_population(rng.normal(size=(100, 1)))
    assert not np.array_equal(
        np.sort(population.draw(100, rng)[:, 0]), np.sort(population.draw(100, rng)[:, 0])
    )


def test_two_equal_columns_are_drawn_together() -> None:
    column = np.random.default_rng(0).normal(size=(200, 1))
    drawn = fit_one_population(np.hstack([column, column])).draw(200, np.random.default_rng(1))
    assert rank_correlation(drawn) > 0.999
