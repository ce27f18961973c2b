"""The rows that a classifier is trained on: a table, and the same rows repeated with hidden columns.

A candidate that follows missing values gets them as NaN; the others get the mean instead (zero after scaling)
and a missing flag for each raw column.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.missing_patterns import Pattern, hide, training_patterns
from trainer.schema.column_arrays import Columns, take_rows
from trainer.segments.kmeans import Segmentation
from trainer.table.customer_table import missing_cells

Made = TypeVar("Made")

PATTERN_ROWS = 50_000  # rows after repetition; above it each pattern gets its own random sample of customers


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingTable:
    """Rows ``[N]`` of raw columns, their segments ``[N]``, and the segmentation that gave them.

    What is computed from them is kept, so that the candidates share it.
    """

    segmentation: Segmentation
    columns: Columns
    labels: NDArray[np.int64]
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives for these rows, computed the first time that ``key`` is asked for."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def take(self, rows: NDArray[np.integer]) -> TrainingTable:
        """Some of the rows, with the same segmentation."""
        return TrainingTable(
            segmentation=self.segmentation, columns=take_rows(self.columns, rows), labels=self.labels[rows]
        )

    def repeated(self, *, follows_missing: bool, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Classifier inputs ``[M, *]`` of the rows under every training pattern, and their segments."""
        return self.once(
            ("repeated", follows_missing, seed),
            lambda: self._repeated(follows_missing=follows_missing, seed=seed),
        )

    def _repeated(self, *, follows_missing: bool, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        schema = self.segmentation.schema
        patterns = training_patterns(schema, seed=seed)
        rows = rows_under(patterns, self.labels, seed)
        copies = [
            hide(schema, take_rows(self.columns, own), pattern)
            for pattern, own in zip(patterns, rows, strict=True)
        ]
        columns = {name: np.concatenate([copy[name] for copy in copies]) for name in schema.names}
        inputs = classifier_inputs(self.segmentation, columns, follows_missing=follows_missing)
        return inputs, self.labels[np.concatenate(rows)]


def classifier_inputs(
    segmentation: Segmentation, columns: Columns, *, follows_missing: bool
) -> NDArray[np.float32]:
    """Scaled features ``[N, F]`` cast to float32, with NaN, or with zeros followed by ``C`` missing flags."""
    scaled = segmentation.scaled(columns)
    if follows_missing:
        return scaled.astype(np.float32)
    flags = missing_cells(segmentation.schema, columns).astype(np.float64)
    filled = np.where(np.isnan(scaled), 0.0, scaled)
    return np.column_stack([filled, flags]).astype(np.float32)


def rows_under(patterns: Sequence[Pattern], labels: NDArray[np.int64], seed: int) -> list[NDArray[np.int64]]:
    """The training rows for each pattern: all of them, or a random sample each where they are too many.

    Every segment, however small, has a customer among those of the first pattern.
    """
    most = max(1, PATTERN_ROWS // len(patterns))
    if len(labels) <= most:
        return [np.arange(len(labels))] * len(patterns)
    draw = np.random.default_rng(seed)
    rows = [draw.choice(len(labels), most, replace=False) for _ in patterns]
    _, firsts = np.unique(labels, return_index=True)
    return [np.union1d(rows[0], firsts), *rows[1:]]
