"""What is counted over all rows of a table of which a run holds a sample: sizes, means, shares, histograms.

Quartiles, names and tiers are those of the sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import Segment, Shares, Spread
from trainer.roles.training_rows import refuse_few_customers
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.order_statistics import MIN_CUSTOMERS
from trainer.schema.schema import Schema
from trainer.segments.full_passes import FullPasses, squared_distances
from trainer.segments.kmeans import Segmentation
from trainer.table.customer_table import Table, clusterable
from trainer.table.every_row import Tally
from trainer.table.exact_sums import exact_sums, mean

Entry = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class WholeCounts:
    """What was counted over all rows.

    Attributes:
        rows: of the table, without ``left_out`` rows of another length and rows that equal another.
        sample_rows: drawn, of which ``kept_rows`` stayed after cleaning; ``seed``: of the draw.
        clustered: rows that have every clustering column; ``sizes``: per segment.
        mean_square: of the distance to the own centroid.
        missing: column -> rows; ``histograms``: column -> counts.
        profile: per segment, column -> mean or shares.
        passes: of K-Means over all rows.
    """

    rows: int
    left_out: int
    sample_rows: int
    kept_rows: int
    seed: int
    sizes: tuple[int, ...]
    mean_square: float
    missing: Mapping[str, int]
    histograms: Mapping[str, Entry]
    profile: tuple[Mapping[str, float | Shares], ...]
    passes: FullPasses

    @property
    def clustered(self) -> int:
        """Rows that have every clustering column."""
        return sum(self.sizes)

    def described(self, segments: Sequence[Segment]) -> tuple[Segment, ...]:
        """Segments of the sample with sizes, shares and means of all rows."""
        return tuple(
            replace(
                segment,
                size=size,
                share=size / self.clustered,
                profile={name: _typical(found, own.get(name)) for name, found in segment.profile.items()},
            )
            for segment, size, own in zip(segments, self.sizes, self.profile, strict=True)
        )


def count_all(segmentation: Segmentation, columns: Columns, table: Table, passes: FullPasses) -> WholeCounts:
    """Count all rows of a table.

    Args:
        segmentation: as it is exported; columns: raw columns of the sample's clustered rows.
        table: the sample, with all rows behind it.

    Raises:
        InputError: when a segment has fewer than five customers.
    """
    every, schema = table.every, segmentation.schema
    assert every is not None
    histograms = {
        spec.name: column_kind(spec).histogram(spec, table.columns[spec.name]) for spec in schema.columns
    }
    tally = RowTally(
        segmentation=segmentation, only_inside=segmentation.leaves_out(columns), histograms=histograms
    )
    total = every.total(tally)
    sizes = total["sizes"]
    refuse_few_customers(np.repeat(np.arange(segmentation.k), np.minimum(sizes, MIN_CUSTOMERS)), segmentation.k)
    return WholeCounts(
        rows=total["rows"][0],
        left_out=every.every.left_out,
        sample_rows=table.report.rows_read,
        kept_rows=len(table),
        seed=every.every.seed,
        sizes=tuple(sizes),
        mean_square=mean(total["squares"][0], sum(sizes)),
        missing={name: total[f"missing {name}"][0] for name in schema.names},
        histograms={
            spec.name: column_kind(spec).with_counts(histograms[spec.name], total[f"bins {spec.name}"])
            for spec in schema.columns
        },
        profile=tuple(_profile(schema, total, segment) for segment in range(segmentation.k)),
        passes=passes,
    )


@dataclass(frozen=True, kw_only=True)
class RowTally:
    """Counts the rows of a batch: per segment, per bin of each column's histogram, and sums for means."""

    segmentation: Segmentation
    only_inside: bool
    histograms: Mapping[str, Entry]

    def __call__(self, columns: Columns) -> Tally:
        """The tallies of raw columns ``[N]``."""
        schema, k = self.segmentation.schema, self.segmentation.k
        labels, squares = self._assigned(columns)
        known = labels >= 0
        return {
            "rows": [len(labels)],
            "sizes": np.bincount(labels[known], minlength=k).tolist(),
            "squares": exact_sums(squares[known], np.zeros(known.sum(), dtype=np.int64), 1),
            **self._bins(columns),
            **self._sums(schema, columns, labels),
        }

    def _assigned(self, columns: Columns) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The segment of each row, -1 where it is not clustered, and the squared distance to its centroid."""
        points = self.segmentation.clustering(columns)
        centroids = np.asarray(self.segmentation.kmeans.cluster_centers_, dtype=np.float64)
        squares = squared_distances(points, centroids)
        labels = np.where(clusterable(self.segmentation.schema, columns), squares.argmin(axis=0), -1)
        return labels, squares.min(axis=0)

    def _bins(self, columns: Columns) -> Tally:
        found: dict[str, list[int]] = {}
        for spec in self.segmentation.schema.columns:
            kind, cells, known = column_kind(spec), columns[spec.name], self.histograms[spec.name]
            bins = kind.bins(spec, cells, known)
            found[f"bins {spec.name}"] = np.bincount(
                bins[bins >= 0], minlength=len(known["counts"])
            ).tolist()
            found[f"missing {spec.name}"] = [int(kind.served.missing_in(cells).sum())]
        return found

    def _sums(self, schema: Schema, columns: Columns, labels: NDArray[np.int64]) -> Tally:
        """Per segment what the means of its profile are made of."""
        k, shaping = self.segmentation.k, labels
        if self.only_inside:
            features = matrix(schema, columns, schema.clustering_features)
            shaping = np.where(self.segmentation.fences.inside(features), labels, -1)
        found: dict[str, list[int]] = {}
        for spec in schema.columns:
            rows = shaping if spec.name in schema.clustering else labels
            if column_kind(spec).ordered:
                found |= _moments(spec.name, columns[spec.name], rows, k)
                continue
            bins = column_kind(spec).bins(spec, columns[spec.name], self.histograms[spec.name])
            there, width = (bins >= 0) & (rows >= 0), len(self.histograms[spec.name]["counts"])
            found[f"known {spec.name}"] = np.bincount(
                rows[(rows >= 0) & (columns[spec.name] != "")], minlength=k
            ).tolist()
            found[f"each {spec.name}"] = np.bincount(
                rows[there] * width + bins[there], minlength=k * width
            ).tolist()
        for feature in schema.features:
            rows = shaping if feature.name in schema.clustering else labels
            found |= _moments(feature.name, matrix(schema, columns, (feature.name,))[:, 0], rows, k)
        return found


def _moments(name: str, values: NDArray[np.float64], rows: NDArray[np.int64], k: int) -> dict[str, list[int]]:
    """Count and exact sum of what is known in each segment."""
    there = np.isfinite(values) & (rows >= 0)
    return {
        f"known {name}": np.bincount(rows[there], minlength=k).tolist(),
        f"sum {name}": exact_sums(values[there], rows[there], k),
    }


def _profile(schema: Schema, total: Tally, segment: int) -> dict[str, float | Shares]:
    """Means and shares of a segment by column and feature."""
    found: dict[str, float | Shares] = {}
    for spec in schema.columns:
        if column_kind(spec).ordered:
            continue
        known, width = total[f"known {spec.name}"][segment], len(spec.values)
        counts = total[f"each {spec.name}"][segment * width : (segment + 1) * width]
        found[spec.name] = {
            value: count / known if known >= MIN_CUSTOMERS else None
            for value, count in zip(spec.values, counts, strict=True)
        }
    for name in (*schema.names, *(feature.name for feature in schema.features)):
        if f"sum {name}" in total:
            found[name] = mean(total[f"sum {name}"][segment], total[f"known {name}"][segment])
    return found


def _typical(found: Spread | Shares | None, whole: float | Shares | None) -> Spread | Shares | None:
    """A column's profile with its mean or shares over all rows; without any where the sample had too few."""
    if isinstance(found, Spread) and isinstance(whole, float):
        return replace(found, mean=whole)
    return whole if isinstance(whole, Mapping) and found is not None else found
