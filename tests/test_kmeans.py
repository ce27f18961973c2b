"""Checks that K-Means gives the published segments in every run, and that clusters can be matched."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from trainer import MALL, Table
from trainer.segments.kmeans import fit_segmentation, match

pytestmark = pytest.mark.fast


def test_gives_the_published_figures(table: Table) -> None:
    segmentation = fit_segmentation(MALL, table.columns, 5, seed=0)
    assert segmentation.kmeans.inertia_ == pytest.approx(65.56840815571681, rel=1e-9)
    labels = segmentation.nearest(table.columns)
    assert silhouette_score(segmentation.clustering(table.columns), labels) == pytest.approx(
        0.5546571631111091, rel=1e-9
    )
    assert sorted(np.bincount(labels).tolist()) == [22, 23, 35, 39, 81]


def test_every_seed_finds_the_same_segments(table: Table) -> None:
    inertias = [fit_segmentation(MALL, table.columns, 5, seed=seed).kmeans.inertia_ for seed in range(5)]
    assert inertias == pytest.approx([inertias[0]] * 5, rel=1e-9)


def test_renumbering_changes_numbers_only(table: Table) -> None:
    segmentation = fit_segmentation(MALL, table.columns, 5, seed=0)
    order = np.array([3, 0, 4, 1, 2])
    renumbered = segmentation.reordered(order)
    assert np.array_equal(order[renumbered.nearest(table.columns)], segmentation.nearest(table.columns))
    assert np.array_equal(
        renumbered.distances(table.columns), segmentation.distances(table.columns)[:, order]
    )
    assert np.array_equal(renumbered.kmeans.cluster_centers_, segmentation.kmeans.cluster_centers_[order])
    assert renumbered.kmeans.labels_.tolist() == [0, 1, 2, 3, 4]  # of its centroids, not of customers


def test_matching_undoes_a_renumbering(table: Table) -> None:
    segmentation = fit_segmentation(MALL, table.columns, 5, seed=0)
    order = np.array([3, 0, 4, 1, 2])
    shuffled = segmentation.reordered(order)
    paired = match(segmentation.raw_centroids(), shuffled.raw_centroids())
    assert np.array_equal(shuffled.reordered(paired).raw_centroids(), segmentation.raw_centroids())


def test_raw_centroids_are_the_means_of_their_customers(table: Table) -> None:
    segmentation = fit_segmentation(MALL, table.columns, 5, seed=0)
    labels = segmentation.nearest(table.columns)
    for number, centroid in enumerate(segmentation.raw_centroids()):
        own = [table.columns[name][labels == number].mean() for name in MALL.clustering]
        assert centroid == pytest.approx(own)
