"""Partitions that come back in bootstrap samples score near one, cuts through a cloud do not."""

from pathlib import Path

import numpy as np
import pytest
from numpy.random import SeedSequence
from sklearn.metrics import adjusted_rand_score

from trainer.parallel import Workers
from trainer.segments.structure import resampled_fits
from trainer.segments.structure.batched_kmeans import Search, kmeans_of_table
from trainer.segments.structure.resampled_fits import Plan, Returns, resampled, resampled_until_clear

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"


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


def test_clusterwise_jaccard_equals_a_calculation_by_hand() -> None:
    # Ten customers 0..9: A = {0 1 2 3}, B = {4 5 6}, C = {7 8 9}. A bootstrap drew all but 3 and 9, which
    # leaves A* = {0 1 2}, B* = {4 5 6}, C* = {7 8}, and found D = {0 1}, E = {2 4 5 6}, F = {7 8}.
    # A*: with D 2 / 3, with E 1 / 6 -> 2 / 3. B*: with E 3 / 4 -> 3 / 4. C*: with F 2 / 2 -> 1.
    drawn = np.isin(np.arange(10), [3, 9], invert=True)
    original = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
    found = np.array([0, 0, 1, 1, 1, 1, 1, 2, 2, 0])
    returns = resampled_fits.compared(original, found[None], drawn[None], 3)
    assert returns.jaccards[0].tolist() == pytest.approx([2 / 3, 3 / 4, 1])
    assert returns.weakest_jaccard == pytest.approx(2 / 3)


def test_each_sample_is_compared_on_the_rows_that_it_drew() -> None:
    original, found = np.array([0, 0, 0, 1, 1, 1]), np.array([[0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1]])
    drawn = np.array([[True] * 6, [True, True, False, True, True, True]])
    returns = resampled_fits.compared(original, found, drawn, 2)
    assert returns.jaccards.tolist() == [pytest.approx([2 / 3, 3 / 4]), [1.0, 1.0]]


def test_a_cluster_without_a_drawn_row_has_no_similarity() -> None:
    original, found = np.array([0, 0, 1, 2]), np.array([[0, 1, 0, 1]])
    returns = resampled_fits.compared(original, found, np.array([[True, True, False, True]]), 3)
    assert returns.jaccards[0, [0, 2]].tolist() == [0.5, 0.5]
    assert np.isnan(returns.jaccards[0, 1])


def test_two_clusters_may_have_the_same_most_similar_cluster() -> None:
    original, found = np.array([0, 0, 1, 1]), np.zeros((1, 4), dtype=np.intp)
    returns = resampled_fits.compared(original, found, np.ones((1, 4), dtype=bool), 2)
    assert returns.jaccards[0].tolist() == [0.5, 0.5]


def test_income_and_score_reappear_as_five_segments_and_not_as_four() -> None:
    raw = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    table = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    four, five = resampled(table, [labels_of(table, k) for k in (4, 5)], 30, SeedSequence(0), Workers())
    assert four.ari < 0.85
    assert four.weakest_jaccard < 0.75
    assert five.ari >= 0.93
    assert five.weakest_jaccard >= 0.90


def test_a_sample_with_fewer_points_than_clusters_is_compared_too() -> None:
    # Six points, one of them in one row only: a sample without that row has five points for six clusters.
    table = np.vstack([np.array([[0.0], [2.0], [4.0], [6.0], [8.0]])[np.arange(20) % 5], [[100.0]]])
    (returns,) = resampled(table, [labels_of(table, 6)], 10, SeedSequence(0), Workers())
    assert returns.jaccards.shape == (10, 6)
    assert returns.weakest_jaccard == pytest.approx(1)


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
