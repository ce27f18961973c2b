"""Scalers and K-Means: fitted on clean rows, used for distances and nearest centroids."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from trainer.schema.column_arrays import Columns
from trainer.schema.features import feature_names, matrix
from trainer.schema.schema import Schema
from trainer.segments.structure import SegmentNumber
from trainer.segments.structure.fences import FenceScaler, fit_fences


@dataclass(frozen=True, kw_only=True)
class Segmentation:
    """A K-Means over the ``d`` clustering features, and the scalers before it and before the classifier.

    Attributes:
        scaler: of all ``F`` features: the inputs of the classifier.
        fences: clips and scales the ``d`` clustering features: the units of all distances.
        factors: ``[d]``, what the scaled clustering features are multiplied by; 1 for most tables.
    """

    schema: Schema
    scaler: StandardScaler
    fences: FenceScaler
    factors: NDArray[np.float64]
    kmeans: KMeans

    @property
    def k(self) -> int:
        """Number of segments."""
        return len(self.kmeans.cluster_centers_)

    @property
    def clustering_positions(self) -> list[int]:
        """The positions of the clustering features among all features."""
        names = feature_names(self.schema)
        return [names.index(name) for name in self.schema.clustering_features]

    def scaled(self, columns: Columns) -> NDArray[np.float64]:
        """All features, clipped and in standard deviations, ``[N, F]``; NaN where missing."""
        features = matrix(self.schema, columns, feature_names(self.schema)).clip(*self.limits)
        return np.asarray(self.scaler.transform(features), dtype=np.float64)

    @property
    def limits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What all features are clipped to, each ``[F]``; others than clustering features are not."""
        lower = np.full(len(feature_names(self.schema)), -np.inf)
        upper = -lower
        lower[self.clustering_positions] = self.fences.lower
        upper[self.clustering_positions] = self.fences.upper
        return lower, upper

    def clustering(self, columns: Columns) -> NDArray[np.float64]:
        """The clustering features, clipped and scaled, ``[N, d]``; NaN where missing."""
        return self.fences.scaled(matrix(self.schema, columns, self.schema.clustering_features))

    def distances(self, columns: Columns) -> NDArray[np.float64]:
        """Distances to the centroids ``[N, K]`` in scaled units; every clustering column must be present."""
        return np.asarray(self.kmeans.transform(self.clustering(columns)), dtype=np.float64)

    def gaps(self, columns: Columns) -> NDArray[np.float64]:
        """Squared differences to the centroids in each scaled clustering feature, ``[N, K, d]``."""
        apart = self.clustering(columns)[:, None, :] - self.kmeans.cluster_centers_[None, :, :]
        return np.asarray(apart**2, dtype=np.float64)

    def nearest(self, columns: Columns) -> NDArray[np.int64]:
        """The nearest centroid's position ``[N]``; every clustering column must be present."""
        return np.asarray(self.kmeans.predict(self.clustering(columns)), dtype=np.int64)

    def inside_fences(self, columns: Columns) -> NDArray[np.bool_]:
        """Which rows [N] shape the centroids (see ``FenceScaler.counts``)."""
        return self.fences.counts(matrix(self.schema, columns, self.schema.clustering_features))

    def leaves_out(self, columns: Columns) -> bool:
        """Whether rows outside the fences do not shape the centroids, by how many of these are."""
        features = matrix(self.schema, columns, self.schema.clustering_features)
        return self.fences.leaves_out(features)

    def raw_centroids(self) -> NDArray[np.float64]:
        """The centroids ``[K, d]`` in the clustering features' own units."""
        return self.fences.raw(np.asarray(self.kmeans.cluster_centers_, dtype=np.float64))

    def reordered(self, order: NDArray[Any]) -> Segmentation:
        """The same segmentation with renumbered clusters: position ``i`` was ``order[i]``."""
        return replace(self, kmeans=kmeans_of(self.kmeans.cluster_centers_[order]))


def segmentation_of(
    schema: Schema, columns: Columns, number: SegmentNumber, *, k: int | None = None
) -> Segmentation:
    """The segmentation with the very centroids that were judged.

    Args:
        schema: whose clustering features are the columns that ``number`` uses.
        columns: raw columns of the rows in which every clustering column is present.
        number: the decision about the number of segments.
        k: another number of segments that was judged, too; ``None`` for the chosen one.
    """
    return Segmentation(
        schema=schema,
        scaler=_fit_scaler(schema, columns, number.scaler),
        fences=number.scaler,
        factors=number.factors,
        kmeans=kmeans_of(number.centroids if k is None else number.centroids_of(k)),
    )


def fit_segmentation(
    schema: Schema,
    columns: Columns,
    k: int,
    *,
    seed: int,
    n_init: int = 20,
    factors: NDArray[np.float64] | None = None,
) -> Segmentation:
    """Fit scalers and K-Means on rows in which every clustering column is present.

    ``factors`` ``[d]`` multiply the scaled clustering features; ``None`` for 1.
    """
    features = matrix(schema, columns, schema.clustering_features)
    factors = np.ones(features.shape[1]) if factors is None else factors
    fences = fit_fences(features).stretched(factors)
    points = fences.scaled(features[fences.counts(features)])
    return Segmentation(
        schema=schema,
        scaler=_fit_scaler(schema, columns, fences),
        fences=fences,
        factors=factors,
        kmeans=fit_kmeans(points, k, seed=seed, n_init=n_init),
    )


def _fit_scaler(schema: Schema, columns: Columns, fences: FenceScaler) -> StandardScaler:
    """Scale all features: clustering features by the rows that shape the centroids, others by all rows.

    With other rows, the difference of two means in the file would tell what a few customers have.
    """
    names = feature_names(schema)
    features = matrix(schema, columns, names)
    inside = fences.counts(matrix(schema, columns, schema.clustering_features))
    positions = [names.index(name) for name in schema.clustering_features]
    features[np.flatnonzero(~inside)[:, None], positions] = np.nan  # left out by the scaler
    return StandardScaler().fit(features)


def kmeans_of(centroids: NDArray[np.float64]) -> KMeans:
    """A fitted scikit-learn K-Means with these centroids ``[K, d]``; its own rows are the centroids."""
    kmeans = KMeans(n_clusters=len(centroids), init=centroids, n_init=1).fit(centroids)
    kmeans.cluster_centers_ = np.ascontiguousarray(centroids, dtype=np.float64)
    return kmeans


def fit_kmeans(points: NDArray[np.float64], k: int, *, seed: int, n_init: int) -> KMeans:
    """Fit K-Means to points ``[N, d]``; ``k`` must not exceed the number of distinct points.

    One thread is used, because the order in which threads add up changes the last bits of the centroids.
    """
    with threadpool_limits(limits=1):
        return KMeans(n_clusters=k, n_init=n_init, random_state=seed).fit(points)


def match(reference: NDArray[np.float64], centroids: NDArray[np.float64]) -> NDArray[np.intp]:
    """Pair centroids one to one with the smallest total distance (Hungarian method).

    Args:
        reference: ``[K, d]`` centroids whose numbering is wanted.
        centroids: ``[K, d]`` centroids with another numbering, in the same units.

    Returns:
        ``[K]``: the position among ``centroids`` that corresponds to each reference centroid.
    """
    _, paired = linear_sum_assignment(cdist(reference, centroids))
    return np.asarray(paired)
