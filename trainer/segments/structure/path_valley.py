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
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from trainer.segments.structure.batched_kmeans import Floats, Labels
from trainer.segments.structure.density_valley import NO_VALLEY, gabriel_pairs, line_valley

NEIGHBOURS = 10
LANDMARKS = 60
"""Rows of each cluster from which paths are measured."""

_FEWEST_ROWS = 3
_NO_LENGTH = 1e-12  # a stored zero would be no edge


class PathGraph:
    """The rows of a table, each connected with its nearest ones; rows that coincide are one point."""

    def __init__(self, table: Floats, rng: Generator) -> None:
        """Connect the rows of ``table`` [n, d]; ``rng`` draws landmarks."""
        self._rng = rng
        self._points, self._point = np.unique(table, axis=0, return_inverse=True)
        count = min(NEIGHBOURS + 1, len(self._points))
        found = KDTree(self._points).query(self._points, k=range(1, count + 1))
        lengths, ends = (np.asarray(part).ravel() for part in found)
        starts = np.repeat(np.arange(len(self._points)), count)
        self._edges = _graph(starts, ends, lengths, len(self._points))

    def valley(self, labels: Labels, centroids: Floats) -> float:
        """Return the mean of the two shallowest valleys along the data between neighbouring clusters.

        One alone varies by a third where a cluster has 30 rows.

        Args:
            labels: [n].
            centroids: [k, d].
        """
        valleys = sorted(self.pair_valley(labels, pair) for pair in gabriel_pairs(centroids))
        return float(np.mean(valleys[-2:])) if valleys else NO_VALLEY

    def pair_valley(self, labels: Labels, pair: tuple[int, int]) -> float:
        """Return the valley between two clusters of ``labels`` [n], on paths through their own rows."""
        rows = np.flatnonzero((labels == pair[0]) | (labels == pair[1]))
        second = labels[rows] == pair[1]
        if min(second.sum(), (~second).sum()) < _FEWEST_ROWS:
            return NO_VALLEY
        points, point = np.unique(self._point[rows], return_inverse=True)
        edges = _connected(self._edges[points][:, points], self._points[points])
        ends = [self._rng.permutation(np.flatnonzero(side))[:LANDMARKS] for side in (~second, second)]
        means = [
            (dijkstra(edges, directed=False, indices=point[end]) ** 2).mean(axis=0)[point] for end in ends
        ]
        position = means[0] - means[1]
        start, end = position[~second].mean(), position[second].mean()
        if start >= end:
            return NO_VALLEY
        scaled = (position - start) / (end - start)
        return line_valley(scaled[~second], scaled[second])


def _graph(starts: Labels, ends: Labels, lengths: Floats, size: int) -> csr_array:
    return csr_array((np.maximum(lengths, _NO_LENGTH), (starts, ends)), shape=(size, size))


def _connected(edges: csr_array, points: Floats) -> csr_array:
    """Return ``edges`` with the pieces joined at their closest points, along a shortest tree of pieces."""
    pieces, piece = connected_components(edges, directed=False)
    if pieces == 1:
        return edges
    order = np.argsort(piece, kind="stable")
    bounds = np.searchsorted(piece[order], np.arange(pieces))
    distances = cdist(points[order], points[order])
    between = np.minimum.reduceat(np.minimum.reduceat(distances, bounds, axis=0), bounds, axis=1)
    np.fill_diagonal(between, 0)
    tree = minimum_spanning_tree(between).tocoo()
    stops = np.append(bounds, len(order))
    bridges = []
    for a, b, length in zip(tree.row, tree.col, tree.data, strict=True):
        part = distances[stops[a] : stops[a + 1], stops[b] : stops[b + 1]]
        i, j = np.unravel_index(part.argmin(), part.shape)
        bridges.append((order[stops[a] + i], order[stops[b] + j], length))
    starts, ends, lengths = (np.array(values) for values in zip(*bridges, strict=True))
    joined: csr_array = edges + _graph(starts, ends, lengths, len(points))
    return joined
