"""Everything the graph is made of, and its reference answers: those of scikit-learn and XGBoost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import (
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    DISTANCES,
    NOVELTY,
    OUTPUT_TABLE,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
    Outcome,
    Output,
    Segment,
)
from trainer.classifier.fitted_classifier import Classifier
from trainer.results.known_limits import ALIKE, NOVEL_QUANTILE, KnownLimits, known_limits
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.onnx_graph import Graph
from trainer.schema.order_statistics import rounded_up
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation
from trainer.segments.profile import describe_segments
from trainer.segments.soft_membership import soft_membership
from trainer.table.customer_table import clusterable, missing_cells


@dataclass(frozen=True, kw_only=True)
class ExtraOutput:
    """An output on top of the table.

    Attributes:
        emit: appends the nodes that compute it; raw columns and the table's outputs are in the graph under
            their names.
        answer: the reference: raw columns ``[N]`` and the table's outputs for them -> its cells ``[N, ...]``.
    """

    output: Output
    emit: Callable[[Graph, Fitted], object]
    answer: Callable[[Fitted, Columns, Columns], NDArray[Any]]


EXTRA_OUTPUTS: dict[str, ExtraOutput] = {}
"""Registered outputs by name; add one before training to have it in the file."""


def graph_outputs() -> tuple[Output, ...]:
    """Every output of a graph built now, those of the table first.

    Raises:
        ValueError: when a registered output has the name of one in the table.
    """
    twice = EXTRA_OUTPUTS.keys() & {output.name for output in OUTPUT_TABLE}
    if twice:
        raise ValueError(f"an extra output must have a name of its own, but {sorted(twice)} are in the table")
    return (*OUTPUT_TABLE, *(extra.output for extra in EXTRA_OUTPUTS.values()))


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Everything the graph is made of.

    Attributes:
        membership_scale: of the soft membership (see ``trainer.segments.soft_membership``).
        far: ``[K]``, the distance to the own centroid that 1% of new customers exceed, per segment.
        known: the same for customers with unknown clustering columns.
    """

    segmentation: Segmentation
    classifier: Classifier
    segments: tuple[Segment, ...]
    membership_scale: float
    far: NDArray[np.float64]
    known: KnownLimits

    @property
    def prior(self) -> NDArray[np.float32]:
        """The segments' shares ``[K]``: the answer for a customer about whom nothing is known."""
        return np.array([segment.share for segment in self.segments], dtype=np.float32)

    @property
    def schema(self) -> Schema:
        """The columns it was trained on."""
        return self.segmentation.schema

    def answer(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """The serving rule in numpy: the answer that the graph must give to the same call, output by output.

        Args:
            columns: raw columns ``[N]``, double with NaN or str with ``""`` for missing.
        """
        complete = clusterable(self.schema, columns)
        rows, k = len(complete), self.segmentation.k
        distances = np.full((rows, k), np.nan)
        probabilities = np.empty((rows, k), dtype=np.float32)
        opinions = np.full((rows, k), np.nan, dtype=np.float32)
        ids = np.empty(rows, dtype=np.int64)
        if complete.any():
            known = take_rows(columns, complete)
            distances[complete] = self.segmentation.distances(known)
            ids[complete] = self.segmentation.nearest(known)
            probabilities[complete] = soft_membership(distances[complete], self.membership_scale)
        if not complete.all():
            opinions = self.classifier.probabilities(columns)
            nothing = missing_cells(self.schema, columns).all(axis=1, keepdims=True)
            informed = np.where(nothing, self.prior, opinions)
            probabilities[~complete] = informed[~complete]
            ids[~complete] = informed[~complete].argmax(axis=1)
        novelty = np.take_along_axis(distances, ids[:, None], axis=1)[:, 0] / self.far[ids]
        if not complete.all():
            part = self.segmentation.clustering(take_rows(columns, ~complete))
            centroids = np.asarray(self.segmentation.kmeans.cluster_centers_, dtype=np.float64)
            novelty[~complete] = self.known.novelty(part, centroids)
        answers = {
            SEGMENT: np.array([self.segments[each].name for each in ids], dtype=object),
            SEGMENT_ID: ids,
            PROBABILITIES: probabilities,
            COMPLETE: complete,
            DISTANCES: distances,
            NOVELTY: novelty,
            CLASSIFIER_PROBABILITIES: opinions,
        }
        extra = {name: each.answer(self, columns, answers) for name, each in EXTRA_OUTPUTS.items()}
        return answers | extra


def fit_model(
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    classifier: Classifier,
    membership_scale: float,
    outcomes: Sequence[Outcome] = (),
) -> Fitted:
    """Put a model together: describe the segments and compute their 99% distances.

    Args:
        segmentation: with the numbering that is kept.
        columns: raw columns of the rows ``[N]`` that were clustered; labels: their segments.
        classifier: fitted to answer for incomplete customers.
        membership_scale: see ``trainer.segments.soft_membership``.
        outcomes: what came of the customers, per segment.
    """
    return Fitted(
        segmentation=segmentation,
        classifier=classifier,
        segments=describe_segments(segmentation, columns, labels, outcomes),
        membership_scale=membership_scale,
        far=far_distances(segmentation.distances(columns), len(labels)),
        known=known_limits(segmentation.gaps(columns), len(labels)),
    )


def far_distances(distances: NDArray[np.float64], customers: int) -> NDArray[np.float64]:
    """The 99% distance ``[K]`` to the own centroid, above 0, rounded up to 3 digits.

    A segment's distances are compared in units of their root mean square, that of the other customers of the
    segment. The 99% distance of all in these units is a conformal quantile (Bates et al. 2023): its rank
    counts one more customer than there are, so that 1% of new customers lie beyond it. Fewer than 99
    customers have no such rank; the largest then is the limit. A segment whose customers are all alike has
    the unit of all, or one standard deviation where that is zero, too.

    Args:
        distances: ``[M, K]`` to the centroids, best of customers that these were not fitted on.
        customers: how many different ones they are.
    """
    nearest, own = distances.argmin(axis=1), distances.min(axis=1)
    segments = distances.shape[1]
    overall = float(np.sqrt(np.mean(own**2)))
    unit = overall if overall > ALIKE else 1.0
    counts = np.bincount(nearest, minlength=segments)
    sums = np.bincount(nearest, own**2, minlength=segments)
    units = np.sqrt(sums / np.maximum(counts, 1))
    copies = len(own) / customers  # of each customer, who is left out of the unit with all of them
    others = counts[nearest] - copies
    rest = np.maximum(sums[nearest] - copies * own**2, 0.0) / np.maximum(others, 1.0)
    left_out = np.where((others >= 1.0) & (np.sqrt(rest) > ALIKE), np.sqrt(rest), unit)
    rank = min(customers, np.ceil((customers + 1) * NOVEL_QUANTILE))
    limit = float(np.sort(own / left_out)[round(rank * copies) - 1])
    return rounded_up(np.where(units > ALIKE, units, unit) * (limit if limit > ALIKE else 1.0))
