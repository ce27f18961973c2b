"""Describes the segments: name, tier, size, centroid, and what is typical of their customers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inference.contract import Outcome, Segment, Shares, Spread
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.kinds.ordered_column import quartiles
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation
from trainer.segments.naming.name_segments import name_segments

INDEX_DIGITS = 2
"""Decimals of the value index; more would give away a total to the cent."""


def describe_segments(
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    outcomes: Sequence[Outcome] = (),
) -> tuple[Segment, ...]:
    """Name and profile the ``K`` segments of the clustered rows ``[N]``, with the segments' outcomes."""
    names = name_segments(segmentation, columns, labels, outcomes)
    centroids = segmentation.raw_centroids()
    inside = segmentation.inside_fences(columns)
    segments = []
    for number, naming in enumerate(names):
        own = take_rows(columns, labels == number)
        shaping = take_rows(columns, (labels == number) & inside)
        size = int((labels == number).sum())
        segments.append(
            Segment(
                id=number,
                name=naming.name,
                tier=naming.value.tier,
                high_potential=naming.high_potential,
                size=size,
                share=size / len(labels),
                index=_rounded(naming.value.index),
                centroid=dict(
                    zip(segmentation.schema.clustering_features, centroids[number].tolist(), strict=True)
                ),
                profile=profile_of(segmentation.schema, own, shaping),
                action=naming.action,
                because=naming.because,
                value_kind=naming.value.kind,
                rate_index=_rounded(naming.value.rate_index),
            )
        )
    return tuple(segments)


def _rounded(index: float | None) -> float | None:
    return None if index is None else round(index, INDEX_DIGITS)


def profile_of(schema: Schema, columns: Columns, shaping: Columns) -> dict[str, Spread | Shares | None]:
    """What is typical of each column (as its kind has it), categories first, and of each feature.

    Clustering columns and features are described by the customers that shape the centroids: a mean over
    other customers, too, would tell what these few have. The quartiles are means of five customers (see
    ``quantiles``); ``None`` where fewer than five customers are known.
    """
    rows = {name: shaping if name in schema.clustering else columns for name in _described(schema)}
    specs = sorted(schema.columns, key=lambda spec: column_kind(spec).ordered)
    profile = {spec.name: column_kind(spec).profile(spec, rows[spec.name][spec.name]) for spec in specs}
    for feature in schema.features:
        profile[feature.name] = quartiles(matrix(schema, rows[feature.name], (feature.name,))[:, 0])
    return profile


def _described(schema: Schema) -> tuple[str, ...]:
    return (*schema.names, *(feature.name for feature in schema.features))
