"""Describes the segments: name, tier, size, centroid, and what is typical of their customers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.contract import Segment, Shares, Spread
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.kinds.ordered_column import quartiles
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation
from trainer.segments.naming import name_segments


def describe_segments(
    segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64]
) -> tuple[Segment, ...]:
    """Name and profile the ``K`` segments of the clustered rows ``[N]``."""
    names = name_segments(segmentation, columns, labels)
    centroids = segmentation.raw_centroids()
    segments = []
    for number, naming in enumerate(names):
        own = take_rows(columns, labels == number)
        size = int((labels == number).sum())
        segments.append(
            Segment(
                id=number,
                name=naming.name,
                tier=naming.tier,
                high_potential=naming.high_potential,
                size=size,
                share=size / len(labels),
                index=naming.index,
                centroid=dict(
                    zip(segmentation.schema.clustering_features, centroids[number].tolist(), strict=True)
                ),
                profile=profile_of(segmentation.schema, own),
                action=naming.action,
            )
        )
    return tuple(segments)


def profile_of(schema: Schema, columns: Columns) -> dict[str, Spread | Shares | None]:
    """What is typical of each column (as its kind has it), categories first, and of each feature.

    The quartiles are means of five customers (see ``quantiles``); ``None`` where fewer than five customers
    are known.
    """
    specs = sorted(schema.columns, key=lambda spec: column_kind(spec).ordered)
    profile = {spec.name: column_kind(spec).profile(spec, columns[spec.name]) for spec in specs}
    for feature in schema.features:
        profile[feature.name] = quartiles(matrix(schema, columns, (feature.name,))[:, 0])
    return profile
