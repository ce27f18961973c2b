"""Scaler and K-Means: fitted on clean rows, used for distances and nearest centroids."""

from __future__ import annotations

from dataclasses import dataclass
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

SAMPLE_ROWS = 50_000  # many starts on a sample, then one run on all rows: inertia 1.00001 times the best


@dataclass(frozen=True, kw_only=True)
class Segmentation:
    """A fitted scaler over all ``F`` features and a K-Means over the ``d`` clustering ones."""

    schema: Schema
    scaler: StandardScaler
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
        """All features in units of their standard deviation, ``[N, F]``; NaN where missing."""
        features = matrix(self.schema, columns, feature_names(self.schema))
        return np.asarray(self.scaler.transform(features), dtype=np.float64)

    def clustering(self, columns: Columns) -> NDArray[np.float64]:
        """The clustering features, scaled, ``[N, d]``."""
        return self.scaled(columns)[:, self.clustering_positions]

    def distances(self, columns: Columns) -> NDArray[np.float64]:
        """Distances to the centroids ``[N, K]`` in scaled units; every clustering column must be present."""
        return np.asarray(self.kmeans.transform(self.clustering(columns)), dtype=np.float64)

    def nearest(self, columns: Columns) -> NDArray[np.int64]:
        """The nearest centroid's position ``[N]``; every clustering column must be present."""
        return np.asarray(self.kmeans.predict(self.clustering(columns)), dtype=np.int64)

    def raw_centroids(self) -> NDArray[np.float64]:
        """The centroids ``[K, d]`` in the clustering features' own units."""
        positions = self.clustering_positions
        centers = self.kmeans.cluster_centers_ * self.scaler.scale_[positions] + self.scaler.mean_[positions]
        return np.asarray(centers, dtype=np.float64)

    def reordered(self, order: NDArray[Any]) -> Segmentation:
        """The same segmentation with renumbered clusters: position ``i`` was ``order[i]``."""
        kmeans = KMeans(n_clusters=self.k, n_init=1, init=self.kmeans.cluster_centers_[order])
        state = dict(vars(self.kmeans))
        state["cluster_centers_"] = self.kmeans.cluster_centers_[order]
        state["labels_"] = np.argsort(order)[self.kmeans.labels_].astype(np.int32)
        vars(kmeans).update(state)
        return Segmentation(schema=self.schema, scaler=self.scaler, kmeans=kmeans)


def fit_segmentation(
    schema: Schema, columns: Columns, k: int, *, seed: int, n_init: int = 20
) -> Segmentation:
    """Fit scaler and K-Means on rows in which every clustering column is present."""
    names = feature_names(schema)
    scaler = StandardScaler().fit(matrix(schema, columns, names))
    clustering = scaler.transform(matrix(schema, columns, names))[
        :, [names.index(name) for name in schema.clustering_features]
    ]
    return Segmentation(
        schema=schema, scaler=scaler, kmeans=fit_kmeans(clustering, k, seed=seed, n_init=n_init)
    )


def fit_kmeans(points: NDArray[np.float64], k: int, *, seed: int, n_init: int) -> KMeans:
    """Fit K-Means to points ``[N, d]``; every K-Means of a run is fitted here.

    All ``n_init`` starts run on the points. Where there are many points, the starts run on a sample, and the
    best result is the start of one run on all points. ``k`` must not exceed the number of distinct points.
    One thread is used, because the order in which threads add up changes the last bits of the centroids.
    """
    with threadpool_limits(limits=1):
        if len(points) <= SAMPLE_ROWS:
            return KMeans(n_clusters=k, n_init=n_init, random_state=seed).fit(points)
        rows = np.random.default_rng(seed).choice(len(points), SAMPLE_ROWS, replace=False)
        started = KMeans(n_clusters=k, n_init=n_init, random_state=seed).fit(points[rows])
        return KMeans(n_clusters=k, n_init=1, init=started.cluster_centers_, random_state=seed).fit(points)


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
