"""The largest z over all k is tested against tables of one population; an open answer gets more draws."""

import numpy as np
import pytest
from numpy.random import SeedSequence

from trainer.parallel import Workers
from trainer.segments.structure.mean_silhouettes import mean_silhouettes
from trainer.segments.structure.null_test import Draws, NullSilhouettes, drawn_until_clear
from trainer.segments.structure.one_population import fit_one_population


def null_of(rows: int, ks: int = 3) -> NullSilhouettes:
    return NullSilhouettes(values=np.random.default_rng(0).normal(0.4, 0.02, (rows, ks)))


def draws_of(table: np.ndarray) -> Draws:
    return Draws(
        population=fit_one_population(table),
        rows=len(table),
        ks=[2, 3],
        seed=SeedSequence(0),
        workers=Workers(),
    )


def test_the_limit_is_the_second_largest_of_39_and_the_largest_at_half_the_level() -> None:
    null = null_of(39)
    assert null.limit(0.05) == np.sort(null.largest)[-2]
    assert null.limit(0.025) == null.largest.max()
    assert null_of(199).limit(0.05) == np.sort(null_of(199).largest)[-10]


def test_the_p_value_counts_the_table_itself() -> None:
    null = null_of(39)
    assert null.p_value(99) == pytest.approx(1 / 40)
    assert null.p_value(-99) == 1


def test_more_tables_are_drawn_while_the_answer_is_open() -> None:
    draws = draws_of(np.random.default_rng(0).normal(size=(60, 2)))
    near = drawn_until_clear(draws, lambda null: null.limit(0.05), first=39, most=119)
    clear = drawn_until_clear(draws, lambda null: 99.0, first=39, most=119)
    futile = drawn_until_clear(draws, lambda null: None, first=39, most=119)
    assert (len(near.values), len(clear.values), len(futile.values)) == (119, 39, 39)
    assert len(np.unique(near.values[:, 0])) == 119


def test_a_cloud_reaches_the_silhouettes_of_its_own_null() -> None:
    rng = np.random.default_rng(0)
    null = NullSilhouettes(values=draws_of(rng.normal(size=(200, 2))).silhouettes(20))
    other = NullSilhouettes(values=draws_of(rng.normal(size=(200, 2))).silhouettes(20))
    np.testing.assert_allclose(null.means, other.means, atol=0.02)


def test_the_mean_silhouette_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import silhouette_score

    rng = np.random.default_rng(0)
    table, labels = rng.normal(size=(80, 3)), rng.integers(0, 4, 80)
    assert mean_silhouettes(table, [labels])[0] == pytest.approx(silhouette_score(table, labels))


def test_an_unused_cluster_does_not_count_in_the_silhouette() -> None:
    table, labels = np.array([[0.0], [0.2], [5.0], [5.2]]), np.array([0, 0, 2, 2])
    assert mean_silhouettes(table, [labels])[0] == mean_silhouettes(table, [labels // 2])[0]
