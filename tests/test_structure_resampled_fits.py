"""Partitions that come back in bootstrap samples score near one, cuts through a cloud do not."""

import numpy as np
import pytest
from numpy.random import SeedSequence
from sklearn.metrics import adjusted_rand_score
from trainer.segments.stability import clusterwise_jaccard

from trainer.parallel import Workers
from trainer.segments.structure import resampled_fits
from trainer.segments.structure.batched_kmeans import Search, kmeans_of_table
from trainer.segments.structure.resampled_fits import Plan, Returns, resampled, resampled_until_clear


def labels_of(table: np.ndarray, k: int) -> np.ndarray:
    labels: np.ndarray = kmeans_of_table(table, k, Search(), SeedSequence(0)).labels[0]
    return labels


def test_separate_groups_come_back_and_cuts_do_not() -> None:
    rng = np.random.default_rng(0)
    table = 8 * np.array([[0, 0], [1, 0], [0, 1]])[rng.integers(0, 3, 150)] + rng.normal(size=(150, 2))
    three, six = resampled(table, [labels_of(table, 3), labels_of(table, 6)], 20, SeedSequence(0), Workers())
    assert three.ari > 0.98
    assert three.weakest_jaccard > 0.95
    assert six.ari < 0.85
    assert six.weakest_jaccard < 0.75


def test_the_adjusted_rand_index_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    labels, found = rng.integers(0, 4, 60), rng.integers(0, 4, (3, 60))
    returns = resampled_fits.compared(labels, found, np.ones((3, 60), dtype=bool), 4)
    np.testing.assert_allclose(returns.aris, [adjusted_rand_score(labels, one) for one in found])


def test_the_jaccard_similarity_is_hennigs_on_the_rows_drawn() -> None:
    rng = np.random.default_rng(0)
    labels, found, drawn = rng.integers(0, 3, 50), rng.integers(0, 3, (1, 50)), rng.random((1, 50)) < 0.6
    returns = resampled_fits.compared(labels, found, drawn, 3)
    expected = clusterwise_jaccard(labels[drawn[0]], found[0][drawn[0]], clusters=3)
    np.testing.assert_allclose(returns.jaccards[0], expected)


def test_a_cluster_that_no_sample_drew_counts_as_lost() -> None:
    returns = Returns(aris=np.ones(2), jaccards=np.array([[1.0, np.nan], [1.0, np.nan]]))
    assert returns.weakest_jaccard == 0


@pytest.mark.parametrize(("limit", "samples"), [(0.1, 10), (0.6, 40)])
def test_more_samples_are_drawn_near_the_limit_only(limit: float, samples: int) -> None:
    table = np.random.default_rng(5).normal(size=(100, 2))
    labels = labels_of(table, 4)
    limit = limit if limit < 0.5 else resampled(table, [labels], 40, SeedSequence(9), Workers())[0].ari
    plan = Plan(first=10, most=40, limit=limit)
    (returns,) = resampled_until_clear(table, [labels], plan, SeedSequence(0), Workers())
    assert len(returns.aris) == samples
