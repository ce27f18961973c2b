"""A valley of density lies between groups, and none where a cloud is cut, straight or bent."""

import numpy as np
import pytest
from numpy.random import SeedSequence

from trainer.segments.structure.batched_kmeans import Partitions, Search, kmeans_of_table
from trainer.segments.structure.border_shape import border_elongation
from trainer.segments.structure.density_valley import gabriel_pairs, line_valley, valley
from trainer.segments.structure.path_valley import PathGraph


def fitted(table: np.ndarray, k: int) -> Partitions:
    return kmeans_of_table(table, k, Search(starts=20), SeedSequence(0))


def straight(table: np.ndarray, k: int) -> float:
    found = fitted(table, k)
    return valley(table, found.labels[0], found.centroids[0])


def along(table: np.ndarray, k: int) -> float:
    found = fitted(table, k)
    return PathGraph(table, np.random.default_rng(0)).valley(found.labels[0], found.centroids[0])


def two_groups(distance: float, d: int = 2) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.asarray(distance * rng.integers(0, 2, 400)[:, None] * np.eye(d)[0] + rng.normal(size=(400, d)))


@pytest.mark.parametrize("d", [1, 2, 5])
def test_a_gap_is_a_deep_valley_on_both_ways(d: int) -> None:
    assert straight(two_groups(6, d), 2) < 0.2
    assert along(two_groups(6, d), 2) < 0.3


def test_a_normal_cloud_cut_in_two_has_no_valley() -> None:
    assert straight(two_groups(0), 2) > 0.85
    assert along(two_groups(0), 2) > 0.85


def test_a_half_moon_has_a_valley_on_the_straight_line_only() -> None:
    rng = np.random.default_rng(1)
    angle = 1.6 * np.pi * rng.random(1_000)
    table = np.column_stack([np.cos(angle), np.sin(angle)]) + 0.1 * rng.normal(size=(1_000, 2))
    assert straight(table, 2) < 0.6
    assert along(table, 2) > 0.7


def test_only_centroids_with_no_third_between_them_are_neighbours() -> None:
    square = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1.2]])
    assert (0, 3) not in gabriel_pairs(square)
    assert {(0, 1), (0, 2), (1, 3), (2, 3)} <= set(gabriel_pairs(square))


def test_the_depth_is_that_of_two_normals() -> None:
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(0, 1, 20_000), rng.normal(3.29, 1, 20_000)]) / 3.29
    assert line_valley(rows[rows < 0.5], rows[rows >= 0.5]) == pytest.approx(0.52, abs=0.04)


def test_a_cluster_of_two_rows_has_no_valley() -> None:
    table = np.array([[0.0], [0.1], [5.0], [5.1], [5.2]])
    labels, centroids = np.array([0, 0, 1, 1, 1]), np.array([[0.05], [5.1]])
    assert valley(table, labels, centroids) == 1


def test_rows_that_coincide_are_one_point_of_the_path() -> None:
    table = np.repeat([[0.0, 0], [0, 1], [9, 9], [9, 8]], 30, axis=0)
    assert along(table, 2) == pytest.approx(0, abs=0.05)


def elongation(table: np.ndarray, k: int) -> float:
    found = fitted(table, k)
    return border_elongation(table, found.labels[0], found.centroids[0])


def test_round_groups_lie_along_their_border_and_pieces_of_a_strip_across_it() -> None:
    rng = np.random.default_rng(0)
    strip = np.column_stack([rng.uniform(0, 100, 300), rng.normal(size=300)])
    assert elongation(two_groups(4), 2) < 0.4
    assert elongation(strip, 4) > 0.8


def test_one_column_has_no_directions_across() -> None:
    assert elongation(two_groups(4, 1), 2) == 0
