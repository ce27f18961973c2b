"""What a batch of rows adds to the counts of a whole table: per segment, per bin, and sums for means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.schema.column_arrays import Columns
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.segments.full_passes import squared_distances
from trainer.segments.kmeans import Segmentation
from trainer.table.customer_table import clusterable
from trainer.table.every_row import Tally
from trainer.table.exact_sums import exact_sums

Labels = NDArray[np.int64]
"""The segment of each row ``[N]``, -1 where it has none."""


@dataclass(frozen=True, kw_only=True)
class RowTally:
    """Counts the rows of a batch.

    Its entries: ``rows``; ``sizes`` of the segments; ``squares``, the sum of squared distances to the own
    centroid; for each column ``missing`` and ``bins``, the cells in each bin of its histogram; per segment
    ``known`` and ``sum`` of each column on a line and feature, ``known`` and ``each`` of the categories.

    Attributes:
        only_inside: whether clustering columns are described by the rows inside the fences.
        histograms: column -> that of the sample.
    """

    segmentation: Segmentation
    only_inside: bool
    histograms: Mapping[str, Mapping[str, Any]]

    def __call__(self, columns: Columns) -> Tally:
        """The tally of raw columns ``[N]``."""
        labels, squares = self._assigned(columns)
        known = labels >= 0
        return {
            "rows": [len(labels)],
            "sizes": _counts(labels, self.segmentation.k),
            "squares": exact_sums(squares[known], np.zeros(known.sum(), dtype=np.int64), 1),
            **self._bins(columns),
            **self._profiles(columns, labels),
        }

    def _assigned(self, columns: Columns) -> tuple[Labels, NDArray[np.float64]]:
        """The segment of each row, and the squared distance to its centroid."""
        points = self.segmentation.clustering(columns)
        centroids = np.asarray(self.segmentation.kmeans.cluster_centers_, dtype=np.float64)
        squares = squared_distances(points, centroids)
        labels = np.where(clusterable(self.segmentation.schema, columns), squares.argmin(axis=0), -1)
        return labels, squares.min(axis=0)

    def _bins(self, columns: Columns) -> Tally:
        """The cells of each column by bin."""
        found: dict[str, list[int]] = {}
        for spec in self.segmentation.schema.columns:
            missing = column_kind(spec).served.missing_in(columns[spec.name])
            found[f"bins {spec.name}"] = _counts(self._bins_of(spec, columns), self._width(spec))
            found[f"missing {spec.name}"] = [int(missing.sum())]
        return found

    def _profiles(self, columns: Columns, labels: Labels) -> Tally:
        """Per segment what the means and shares of its profile are made of."""
        schema, k = self.segmentation.schema, self.segmentation.k
        shaping = self._shaping(columns, labels)
        found: dict[str, list[int]] = {}
        for spec in schema.columns:
            rows = shaping if spec.name in schema.clustering else labels
            if column_kind(spec).ordered:
                found |= _moments(spec.name, columns[spec.name], rows, k)
            else:
                found |= self._shares(spec, columns, rows)
        for feature in schema.features:
            rows = shaping if feature.name in schema.clustering else labels
            found |= _moments(feature.name, matrix(schema, columns, (feature.name,))[:, 0], rows, k)
        return found

    def _shaping(self, columns: Columns, labels: Labels) -> Labels:
        """The segments of the rows that shape the centroids."""
        if not self.only_inside:
            return labels
        schema = self.segmentation.schema
        features = matrix(schema, columns, schema.clustering_features)
        return np.where(self.segmentation.fences.inside(features), labels, -1)

    def _shares(self, spec: ColumnSpec, columns: Columns, rows: Labels) -> Tally:
        """Known cells per segment, and per segment and category."""
        k, width, bins = self.segmentation.k, self._width(spec), self._bins_of(spec, columns)
        known = ~column_kind(spec).served.missing_in(columns[spec.name])
        pairs = np.where((bins >= 0) & (rows >= 0), rows * width + bins, -1)
        return {
            f"known {spec.name}": _counts(np.where(known, rows, -1), k),
            f"each {spec.name}": _counts(pairs, k * width),
        }

    def _bins_of(self, spec: ColumnSpec, columns: Columns) -> NDArray[np.int64]:
        return column_kind(spec).bins(spec, columns[spec.name], self.histograms[spec.name])

    def _width(self, spec: ColumnSpec) -> int:
        return len(self.histograms[spec.name]["counts"])


def _moments(name: str, values: NDArray[np.float64], rows: Labels, k: int) -> dict[str, list[int]]:
    """Count and exact sum of what is known in each segment."""
    there = np.isfinite(values) & (rows >= 0)
    return {
        f"known {name}": _counts(rows[there], k),
        f"sum {name}": exact_sums(values[there], rows[there], k),
    }


def _counts(indices: NDArray[np.int64], count: int) -> list[int]:
    """How often each index occurs; those below 0 are none."""
    found: list[int] = np.bincount(indices[indices >= 0], minlength=count).tolist()
    return found
