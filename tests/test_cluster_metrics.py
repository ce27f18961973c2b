"""Checks that the indices are those of scikit-learn and the figures those published for the table."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from trainer.parallel import Workers
from trainer.segments import cluster_metrics
from trainer.segments.cluster_metrics import (
    Floats,
    distinct_points,
    fit_each,
    fit_labels,
    measure,
    silhouette_on_sample,
)

pytestmark = pytest.mark.fast

TABLE = Path(__file__).parents[1] / "trainer" / "data" / "mall_customers.csv"

# scikit-learn takes distances from dot products and loses up to half of the digits; ours are direct.
SAME = 1e-7


def income_and_score() -> Floats:
    raw = np.genfromtxt(TABLE, delimiter=",", skip_header=1, usecols=(3, 4))
    scaled: Floats = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    return scaled


def test_silhouettes_equal_those_of_scikit_learn_in_every_row() -> None:
    features = np.random.default_rng(0).normal(size=(150, 3))
    labellings = fit_labels(features, [2, 3, 7, 40], n_init=10, seed=0)
    assert np.bincount(labellings[-1]).min() == 1  # a cluster of one is among them
    for values, labels in zip(cluster_metrics.silhouettes(features, labellings), labellings, strict=True):
        assert values == pytest.approx(silhouette_samples(features, labels), abs=SAME)


def test_silhouettes_do_not_depend_on_the_block_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    features = income_and_score()
    labellings = fit_labels(features, [2, 5], n_init=10, seed=0)
    at_once = cluster_metrics.silhouettes(features, labellings)
    monkeypatch.setattr(cluster_metrics, "_DISTANCES_AT_ONCE", 7 * len(features))
    for whole, parts in zip(at_once, cluster_metrics.silhouettes(features, labellings), strict=True):
        assert parts == pytest.approx(whole, abs=1e-12)


def test_points_on_top_of_each_other_have_a_silhouette_of_zero_not_nan() -> None:
    (values,) = cluster_metrics.silhouettes(np.zeros((4, 2)), [np.array([0, 0, 1, 1])])
    assert values.tolist() == [0, 0, 0, 0]


def test_five_segments_of_income_and_score_have_the_published_scores() -> None:
    features = income_and_score()
    (fit,) = fit_each(features, [5], n_init=10, seed=0, workers=Workers())
    (scores,) = measure(features, [fit.labels])
    assert fit.inertia == pytest.approx(65.56840815571681)
    assert scores.silhouette == pytest.approx(0.5546571631111091)
    assert scores.davies_bouldin == pytest.approx(0.5722356162263352)
    assert scores.calinski_harabasz == pytest.approx(248.64932001536357)
    assert scores.negative_silhouette_share == pytest.approx(0.01)


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
    (labels,) = fit_labels(features, [5], n_init=10, seed=0)
    sample = silhouette_on_sample(features, labels, rows=200, seed=0)
    assert sample.rows.tolist() == list(range(200))
    assert sample.mean == pytest.approx(0.5546571631111091)


def test_points_that_differ_only_by_rounding_are_one_point() -> None:
    assert distinct_points(np.array([[0.1 + 0.2, 1.0], [0.3, 1.0], [0.4, 1.0]])) == 2


def test_a_table_with_fewer_points_than_clusters_gets_one_cluster_per_point() -> None:
    features = np.repeat([[0.0], [1.0], [5.0]], 10, axis=0)
    few, many = fit_labels(features, [2, 8], n_init=10, seed=0)
    assert (len(set(few)), len(set(many))) == (2, 3)
