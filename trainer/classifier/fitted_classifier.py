"""A fitted candidate, and its training on rows that are repeated with hidden columns.

A candidate that follows missing values gets them as NaN; the others get the mean instead (zero after scaling)
and a missing flag for each raw column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.candidate import Candidate, Settings, Thresholds
from trainer.classifier.missing_patterns import Pattern, hide, training_patterns
from trainer.schema.column_arrays import Columns, take_rows
from trainer.segments.kmeans import Segmentation
from trainer.table.customer_table import missing_cells

PATTERN_ROWS = 100_000  # rows after repetition; above it each pattern gets its own random sample of customers


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """A fitted candidate together with the scaler of its inputs."""

    candidate: Candidate
    settings: Settings
    segmentation: Segmentation
    estimator: Any
    temperature: float = 1.0

    def probabilities(self, columns: Columns) -> NDArray[np.float32]:
        """Class probabilities ``[N, K]`` for rows in which any cell may be missing."""
        plain = np.asarray(self.estimator.predict_proba(self.inputs(columns)), dtype=np.float32)
        return plain if self.temperature == 1.0 else tempered(plain, self.temperature).astype(np.float32)

    def inputs(self, columns: Columns) -> NDArray[np.float32]:
        """What the estimator sees (see ``classifier_inputs``)."""
        return classifier_inputs(self.candidate, self.segmentation, columns)

    def thresholds(self) -> Thresholds:
        """Input position -> the distinct values it is compared with (see ``Candidate.thresholds``)."""
        return self.candidate.thresholds(self.estimator)


def tempered(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Probabilities ``[N, K]`` at a temperature; zero stays zero."""
    powers = np.asarray(probabilities, dtype=np.float64) ** (1.0 / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def classifier_inputs(
    candidate: Candidate, segmentation: Segmentation, columns: Columns
) -> NDArray[np.float32]:
    """Scaled features ``[N, F]`` cast to float32, with NaN, or with zeros followed by ``C`` missing flags."""
    scaled = segmentation.scaled(columns)
    if candidate.follows_missing:
        return scaled.astype(np.float32)
    flags = missing_cells(segmentation.schema, columns).astype(np.float64)
    filled = np.where(np.isnan(scaled), 0.0, scaled)
    return np.column_stack([filled, flags]).astype(np.float32)


def fit_classifier(
    candidate: Candidate,
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    settings: Settings,
    seed: int,
) -> Classifier:
    """Train a candidate on rows ``[N]`` and their segments, repeated under the training patterns."""
    schema = segmentation.schema
    patterns = training_patterns(schema, seed=seed)
    rows = _rows_under(patterns, labels, seed)
    copies = [
        hide(schema, take_rows(columns, own), pattern) for pattern, own in zip(patterns, rows, strict=True)
    ]
    repeated = {name: np.concatenate([copy[name] for copy in copies]) for name in schema.names}
    estimator = candidate.fit(
        classifier_inputs(candidate, segmentation, repeated),
        labels[np.concatenate(rows)],
        segments=segmentation.k,
        settings=settings,
        seed=seed,
    )
    return Classifier(candidate=candidate, settings=settings, segmentation=segmentation, estimator=estimator)


def _rows_under(patterns: Sequence[Pattern], labels: NDArray[np.int64], seed: int) -> list[NDArray[np.int64]]:
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
