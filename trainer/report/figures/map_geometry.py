"""The geometry of the map: the plane it shows, counted cells, and the region nearest to each centroid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from trainer.results.trained import Trained
from trainer.schema.features import indicators, matrix
from trainer.segments.cluster_metrics import eta_squared

CELLS = 14  # about as many per side; coarse on purpose
OUTER = (0.005, 0.995)  # extreme values would compress the map; they count in the last cell

Floats = NDArray[np.float64]

INDICATOR_EDGES = np.linspace(-0.25, 1.25, 4)  # an indicator is 0 or 1, each in the middle of a cell


@dataclass(frozen=True, kw_only=True)
class MapPlane:
    """What the map is drawn from, in raw units, over one or two clustering columns.

    Attributes:
        names: the ``D`` columns shown.
        values: ``[N, D]`` of the clustered customers.
        centroids: ``[K, D]``; scale: ``[D]``, the unit of distance.
        edges: of the cells, one array per column.
    """

    names: tuple[str, ...]
    values: Floats
    centroids: Floats
    scale: Floats
    edges: tuple[Floats, ...]

    def counts(self) -> NDArray[np.int64]:
        """Customers per cell, one axis per column; those beyond the edges count in the last cell."""
        pairs = zip(self.values.T, self.edges, strict=True)
        inside = np.column_stack([np.clip(column, edge[0], edge[-1]) for column, edge in pairs])
        return np.histogramdd(inside, bins=list(self.edges))[0].astype(np.int64)

    def nearest(self) -> NDArray[np.int64]:
        """The nearest centroid of each customer by the shown columns alone, ``[N]``."""
        apart = (self.values[:, None, :] - self.centroids[None, :, :]) / self.scale
        return np.asarray((apart**2).sum(axis=2).argmin(axis=1), dtype=np.int64)

    def region(self, own: int) -> Floats:
        """The corners ``[C, 2]`` of the shown part that is nearest to one centroid; empty when none is."""
        (left, *_, right), (bottom, *_, top) = self.edges
        region = np.array([[left, bottom], [right, bottom], [right, top], [left, top]]) / self.scale
        scaled = self.centroids / self.scale
        for other in range(len(scaled)):
            towards = scaled[own] - scaled[other]
            if other != own and len(region):
                region = _cut(region, (region - (scaled[own] + scaled[other]) / 2) @ towards)
        return np.asarray(region * self.scale, dtype=np.float64)


def map_plane(trained: Trained) -> MapPlane:
    """The plane of the two clustering columns that separate the segments best; a line for one column."""
    schema, segmentation = trained.table.schema, trained.fitted.segmentation
    names = schema.clustering_features
    values = matrix(schema, trained.table.take(trained.table.clusterable()), names)
    apart = [eta_squared(column, trained.labels) for column in values.T]
    binary = [name in indicators(schema) for name in names]
    ranked = sorted(range(len(names)), key=lambda each: (binary[each], -apart[each]))
    shown = sorted(ranked[:2])
    centroids = segmentation.raw_centroids()[:, shown]
    pairs = zip(values[:, shown].T, centroids.T, strict=True)
    return MapPlane(
        names=tuple(names[each] for each in shown),
        values=values[:, shown],
        centroids=centroids,
        scale=segmentation.fences.deviation[shown],
        edges=tuple(
            INDICATOR_EDGES if binary[each] else _edges(column, centres)
            for each, (column, centres) in zip(shown, pairs, strict=True)
        ),
    )


def _edges(values: Floats, centres: Floats) -> Floats:
    low, high = np.quantile(values, OUTER)
    low, high = min(low, float(centres.min())), max(high, float(centres.max()))
    ticks = MaxNLocator(nbins=CELLS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return np.asarray(ticks, dtype=np.float64)


def _cut(corners: Floats, inside: Floats) -> Floats:
    """The part of a convex polygon where a linear function, given at its corners, is not negative."""
    kept = []
    following = zip(np.roll(corners, -1, axis=0), np.roll(inside, -1), strict=True)
    for corner, here, (after, there) in zip(corners, inside, following, strict=True):
        if here >= 0:
            kept.append(corner)
        if here * there < 0:
            kept.append(corner + (after - corner) * here / (here - there))
    return np.array(kept).reshape(-1, 2)
