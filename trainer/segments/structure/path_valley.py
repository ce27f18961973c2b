"""Look for a valley of density along the data, for populations that bend.

A straight line between two clusters leaves a curved cloud and crosses empty space where nothing separates
them. Here rows are placed by path lengths through a graph of near neighbours (as Tenenbaum, de Silva and
Langford 2000 measure distances on a curved surface). For points y of one cluster and z of another, the
difference of the mean squared distances, mean d(x, y)^2 - mean d(x, z)^2, is linear along the line of both
centres in a flat space, and along the curve on a curved one. The density along it shows whether the bend has
a gap.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial.distance import cdist

from trainer.segments.structure.batched_kmeans import Floats, Labels
from trainer.segments.structure.density_valley import NO_VALLEY, gabriel_pairs, line_valley

NEIGHBOURS = 10
LANDMARKS = 200

_FEWEST_ROWS = 3


class PathDistances:
    """Squared path lengths from some rows, the landmarks, to all rows of a table.

    Attributes:
        landmarks: [L], positions of the landmarks.
        squares: [L, n].
    """

    def __init__(self, table: Floats, rng: Generator) -> None:
        """Connect each row of ``table`` [n, d] with its nearest ones, and pieces at their closest rows."""
        points, point = np.unique(table, axis=0, return_inverse=True)
        edges = _neighbour_edges(cdist(points, points))
        count = min(LANDMARKS, len(table))
        self.landmarks = np.sort(rng.choice(len(table), count, replace=False))
        lengths = dijkstra(edges, directed=False, indices=point[self.landmarks])
        self.squares = lengths[:, point] ** 2

    def valley(self, labels: Labels, centroids: Floats) -> float:
        """Return the mean of the two shallowest valleys along the data between neighbouring clusters.

        One alone varies by a third where a cluster has 30 rows.
        """
        valleys = sorted(self.pair_valley(labels, pair) for pair in gabriel_pairs(centroids))
        return float(np.mean(valleys[-2:])) if valleys else NO_VALLEY

    def pair_valley(self, labels: Labels, pair: tuple[int, int]) -> float:
        """Return the valley between two clusters of ``labels`` [n]."""
        ends = [self.squares[labels[self.landmarks] == cluster] for cluster in pair]
        rows = [labels == cluster for cluster in pair]
        if min(len(end) for end in ends) == 0 or min(member.sum() for member in rows) < _FEWEST_ROWS:
            return NO_VALLEY
        position = ends[0].mean(axis=0) - ends[1].mean(axis=0)
        first, second = position[rows[0]], position[rows[1]]
        start, end = first.mean(), second.mean()
        if start >= end:
            return NO_VALLEY
        return line_valley((first - start) / (end - start), (second - start) / (end - start))


def _neighbour_edges(distances: Floats) -> csr_array:
    rows = len(distances)
    count = min(NEIGHBOURS, rows - 1)
    near = np.argpartition(distances, count, axis=1)[:, : count + 1]
    starts = np.repeat(np.arange(rows), count + 1)
    ends = near.ravel()
    while True:
        lengths = np.maximum(distances[starts, ends], 1e-12)  # a zero is no edge
        edges = csr_array((lengths, (starts, ends)), shape=(rows, rows))
        pieces, piece = connected_components(edges, directed=False)
        if pieces == 1:
            return edges
        more = _bridges(distances, piece.astype(np.intp), pieces)
        starts, ends = np.concatenate([starts, more[0]]), np.concatenate([ends, more[1]])


def _bridges(distances: Floats, piece: Labels, pieces: int) -> tuple[Labels, Labels]:
    """Return the closest rows of each two pieces that a shortest tree over the pieces joins."""
    order = np.argsort(piece, kind="stable")
    bounds = np.searchsorted(piece[order], np.arange(pieces))
    sorted_distances = distances[np.ix_(order, order)]
    between = np.minimum.reduceat(np.minimum.reduceat(sorted_distances, bounds, axis=0), bounds, axis=1)
    tree = minimum_spanning_tree(np.maximum(between, 1e-12) * ~np.eye(pieces, dtype=bool)).tocoo()
    starts, ends = [], []
    for a, b in zip(tree.row, tree.col, strict=True):
        first, second = np.flatnonzero(piece == a), np.flatnonzero(piece == b)
        i, j = np.unravel_index(distances[np.ix_(first, second)].argmin(), (len(first), len(second)))
        starts.append(first[i])
        ends.append(second[j])
    return np.array(starts), np.array(ends)
