"""K-Means on many tables at once finds what scikit-learn finds, whatever the number of workers."""

import numpy as np
import pytest
from numpy.random import SeedSequence
from sklearn.cluster import KMeans

from trainer.parallel import Workers
from trainer.segments.structure.batched_kmeans import (
    Search,
    kmeans_of_table,
    kmeans_of_tables,
    nearest,
)

THOROUGH = Search(starts=20, tolerance=0, iterations=300)


def grouped(rng: np.random.Generator, rows: int, d: int) -> np.ndarray:
    return 4 * rng.normal(size=(5, d))[rng.integers(0, 5, rows)] + rng.normal(size=(rows, d))


@pytest.mark.parametrize(("rows", "d", "k"), [(120, 1, 3), (200, 2, 5), (300, 6, 8)])
def test_finds_the_inertia_of_scikit_learn(rows: int, d: int, k: int) -> None:
    table = grouped(np.random.default_rng(d), rows, d)
    found = kmeans_of_table(table, k, THOROUGH, SeedSequence(0))
    reference = KMeans(k, n_init=20, random_state=0).fit(table)
    assert found.inertias[0] <= 1.002 * reference.inertia_


def test_a_row_belongs_to_its_nearest_centroid_which_is_the_mean_of_its_rows() -> None:
    table = grouped(np.random.default_rng(1), 200, 3)
    found = kmeans_of_table(table, 4, THOROUGH, SeedSequence(0))
    labels, centroids = found.labels[0], found.centroids[0]
    distances = ((table[:, None] - centroids) ** 2).sum(axis=2)
    assert (labels == distances.argmin(axis=1)).all()
    assert found.inertias[0] == pytest.approx(distances.min(axis=1).sum())
    for cluster in range(4):
        np.testing.assert_allclose(centroids[cluster], table[labels == cluster].mean(axis=0), atol=1e-12)


def test_each_table_of_a_stack_is_clustered_by_itself() -> None:
    rng = np.random.default_rng(2)
    tables = np.stack([grouped(rng, 150, 2) for _ in range(7)])
    for k, found in zip(
        (2, 5), kmeans_of_tables(tables, [2, 5], Search(), SeedSequence(0), Workers()), strict=True
    ):
        for table, labels, inertia in zip(tables, found.labels, found.inertias, strict=True):
            assert len(np.unique(labels)) == k
            assert inertia <= 1.05 * KMeans(k, n_init=10, random_state=0).fit(table).inertia_


def test_two_workers_give_the_same_answer() -> None:
    tables = np.random.default_rng(3).normal(size=(12, 2_000, 2))
    one, two = (
        kmeans_of_tables(tables, [3, 10], Search(), SeedSequence(0), Workers(jobs=jobs)) for jobs in (1, 2)
    )
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first.labels, second.labels)
        np.testing.assert_array_equal(first.centroids, second.centroids)


def test_more_clusters_than_different_rows_leave_clusters_empty() -> None:
    table = np.repeat([[0.0], [1.0], [5.0]], 20, axis=0)
    found = kmeans_of_table(table, 5, Search(), SeedSequence(0))
    assert len(np.unique(found.labels)) == 3
    assert found.inertias[0] == pytest.approx(0, abs=1e-9)


def test_nearest_serves_several_sets_of_centroids() -> None:
    table = np.array([[0.0], [1.0], [4.0]])
    sets = np.array([[[0.0], [4.0]], [[4.0], [0.0]]])
    assert nearest(table, sets).tolist() == [[0, 0, 1], [1, 1, 0]]
