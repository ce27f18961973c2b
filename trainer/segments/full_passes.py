"""Passes of K-Means over all rows of a table of which a run holds a sample (Lloyd 1982).

They begin at the centroids of the sample. A pass assigns each row to its nearest centroid and moves each
centroid to the mean of its rows. Sums are exact (``trainer.table.exact_sums``), so that the centroids are the
same however the table is cut into parts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.wording import counted
from trainer.parallel import Progress, no_progress
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.features import matrix
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation, kmeans_of
from trainer.segments.structure.fences import FenceScaler
from trainer.table.customer_table import clusterable
from trainer.table.every_row import EveryRow, Tally
from trainer.table.exact_sums import exact_sums, mean
from trainer.table.parsed_rows import ParsedRows, RowParser

UNMOVED = 1e-5  # standard deviations; no customer's distance differs visibly after a smaller step
MOST_PASSES = 100
STAGE = "Passes over all rows"
ROWS, ENDLESS = "rows", "endless"

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class FullPasses:
    """What the passes over all rows did.

    Attributes:
        rows: that shaped the centroids, in each pass.
        passes: how many there were.
        last_step: how far the centroid that moved most moved in the last one, in standard deviations.
        moved: ``[K]``, how far each centroid is from that of the sample, in the order of the segments.
    """

    rows: int
    passes: int
    last_step: float
    moved: tuple[float, ...]

    @property
    def settled(self) -> bool:
        """Whether the last pass changed nothing that matters."""
        return self.last_step <= UNMOVED

    def reordered(self, order: NDArray[np.integer]) -> FullPasses:
        """The same with renumbered segments: position ``i`` was ``order[i]``."""
        return replace(self, moved=tuple(self.moved[index] for index in order))


def over_all_rows(
    fitted: Segmentation, columns: Columns, every: ParsedRows, *, progress: Progress = no_progress
) -> tuple[Segmentation, FullPasses]:
    """Move the centroids of a sample to those of all rows.

    Args:
        fitted: to the sample; columns: raw columns of its clustered rows.
        every: all rows.

    Raises:
        InputError: when a feature of a row reaches infinity.
    """
    points = PointMaker(
        parser=every.parser,
        schema=fitted.schema,
        fences=fitted.fences,
        only_inside=fitted.leaves_out(columns),
    )
    with every.rows.kept(points, points.names) as kept:
        start = np.asarray(fitted.kmeans.cluster_centers_, dtype=np.float64)
        centroids, found = settled(start, kept, progress)
    return replace(fitted, kmeans=kmeans_of(centroids)), found


def settled(start: Floats, points: EveryRow, progress: Progress = no_progress) -> tuple[Floats, FullPasses]:
    """Repeat passes from the centroids ``[K, d]`` until they stay where they are.

    Args:
        points: rows of ``d`` scaled features.
    """
    centroids, step, passes, rows = start, np.inf, 0, 0
    progress(STAGE, 0, MOST_PASSES)
    while step > UNMOVED and passes < MOST_PASSES:
        total = points.total(PassTally(centroids))
        _refuse_endless(total[ENDLESS][0])
        following = means(total, centroids)
        step = float(np.linalg.norm(following - centroids, axis=1).max())
        centroids, rows, passes = following, sum(total[ROWS]), passes + 1
        progress(STAGE, passes, MOST_PASSES)
    progress(STAGE, MOST_PASSES, MOST_PASSES)
    moved = np.linalg.norm(centroids - start, axis=1)
    return centroids, FullPasses(rows=rows, passes=passes, last_step=step, moved=tuple(moved.tolist()))


@dataclass(frozen=True, kw_only=True)
class PointMaker:
    """Makes scaled clustering features of the rows of a batch that shape the centroids."""

    parser: RowParser
    schema: Schema
    fences: FenceScaler
    only_inside: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns that are made."""
        return tuple(f"x{index}" for index in range(len(self.schema.clustering_features)))

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The points ``[M, d]`` as columns; rows that lack a clustering column have none."""
        columns = self.parser(batch)
        known = take_rows(columns, clusterable(self.schema, columns))
        features = matrix(self.schema, known, self.schema.clustering_features)
        if self.only_inside:
            features = features[self.fences.inside(features)]
        points = np.ascontiguousarray(self.fences.scaled(features).T)
        return pa.RecordBatch.from_arrays([pa.array(each) for each in points], names=list(self.names))


@dataclass(frozen=True)
class PassTally:
    """Counts the points of a batch per nearest centroid, and adds them up."""

    centroids: Floats

    def __call__(self, batch: pa.RecordBatch) -> Tally:
        """The count and the exact sums per centroid, and how many points are not finite."""
        points = np.column_stack([column.to_numpy(zero_copy_only=False) for column in batch.columns])
        finite = np.isfinite(points).all(axis=1)
        points, k = points[finite], len(self.centroids)
        labels = squared_distances(points, self.centroids).argmin(axis=0)
        sums = {f"sum {index}": exact_sums(axis, labels, k) for index, axis in enumerate(points.T)}
        counts = np.bincount(labels, minlength=k).tolist()
        return {ROWS: counts, ENDLESS: [int((~finite).sum())], **sums}


def squared_distances(points: Floats, centroids: Floats) -> Floats:
    """The squared distances ``[K, N]`` of points ``[N, d]``, each alike whatever points are beside it."""
    found = np.zeros((len(centroids), len(points)))
    for index, axis in enumerate(points.T):
        found += (axis[None, :] - centroids[:, index, None]) ** 2
    return found


def means(total: Tally, centroids: Floats) -> Floats:
    """The means ``[K, d]`` of a pass; a centroid without rows stays."""
    found = centroids.copy()
    for segment, rows in enumerate(total[ROWS]):
        if rows:
            found[segment] = [mean(total[f"sum {index}"][segment], rows) for index in range(found.shape[1])]
    return found


def _refuse_endless(rows: int) -> None:
    if rows:
        raise InputError(
            f"clustering features must be finite, but in {counted(rows, 'row')} of the whole table one is "
            "not: a formula divides by zero or a number is infinite; change the formula or the cells"
        )
