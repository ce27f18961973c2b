"""Checks that the indices are those of scikit-learn and the figures those published for the table."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from trainer.segments import cluster_metrics
from trainer.segments.cluster_metrics import Floats, Labels, silhouette_on_sample
from trainer.segments.kmeans import fit_kmeans

pytestmark = pytest.mark.fast

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"

# scikit-learn takes distances from dot products and loses up to half of the digits; ours are direct.
SAME = 1e-7


def income_and_score() -> Floats:
    raw = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    scaled: Floats = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    return scaled


def fit_labels(features: Floats, ks: list[int]) -> list[Labels]:
    return [fit_kmeans(features, k, seed=0, n_init=10).labels_ for k in ks]


def test_silhouettes_equal_those_of_scikit_learn_in_every_row() -> None:
    features = np.random.default_rng(0).normal(size=(150, 3))
    labellings = fit_labels(features, [2, 3, 7, 40])
    assert np.bincount(labellings[-1]).min() == 1  # a cluster of one is among them
    for values, labels in zip(cluster_metrics.silhouettes(features, labellings), labellings, strict=True):
        assert values == pytest.approx(silhouette_samples(features, labels), abs=SAME)


def test_silhouettes_do_not_depend_on_the_block_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    features = income_and_score()
    labellings = fit_labels(features, [2, 5])
    at_once = cluster_metrics.silhouettes(features, labellings)
    monkeypatch.setattr(cluster_metrics, "_DISTANCES_AT_ONCE", 7 * len(features))
    for whole, parts in zip(at_once, cluster_metrics.silhouettes(features, labellings), strict=True):
        assert parts == pytest.approx(whole, abs=1e-12)


def test_points_on_top_of_each_other_have_a_silhouette_of_zero_not_nan() -> None:
    (values,) = cluster_metrics.silhouettes(np.zeros((4, 2)), [np.array([0, 0, 1, 1])])
    assert values.tolist() == [0, 0, 0, 0]


def test_five_segments_of_income_and_score_have_the_published_scores() -> None:
    (values,) = cluster_metrics.silhouettes(income_and_score(), fit_labels(income_and_score(), [5]))
    assert values.mean() == pytest.approx(0.5546571631111091)
    assert (values < 0).mean() == pytest.approx(0.01)


def test_a_sampled_silhouette_keeps_small_clusters_and_estimates_the_whole_table() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [5000, 700, 100])
    features = rng.normal(size=(5800, 2)) + np.array([[0, 0], [4, 0], [0, 6]])[labels]
    (exact,) = cluster_metrics.silhouettes(features, [labels])
    sample = silhouette_on_sample(features, labels, rows=1000, seed=0)
    assert np.bincount(labels[sample.rows]).tolist() == [862, 200, 100]
    assert len(sample.values) == len(set(sample.rows.tolist())) == 1162
    assert sample.mean == pytest.approx(exact.mean(), abs=0.02)  # 0.3 / sqrt(1000), twice
    unweighted = abs(sample.values.mean() - exact.mean())
    assert abs(sample.mean - exact.mean()) < unweighted


def test_a_small_table_is_not_sampled() -> None:
    features = income_and_score()
    (labels,) = fit_labels(features, [5])
    sample = silhouette_on_sample(features, labels, rows=200, seed=0)
    assert sample.rows.tolist() == list(range(200))
    assert sample.mean == pytest.approx(0.5546571631111091)
