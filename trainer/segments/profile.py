"""Describes the segments: name, tier, size, centroid, and what is typical of their customers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.contract import CATEGORY, Segment, Shares, Spread
from trainer.schema.column_arrays import Columns, take_rows
from trainer.schema.features import matrix
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation
from trainer.segments.naming import name_segments
from trainer.table.order_statistics import MIN_CUSTOMERS, quantiles


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
    """What is typical: mean and quartiles of numbers, dates (in days) and features, shares of categories.

    The quartiles are means of five customers (see ``quantiles``); ``None`` where fewer than five customers
    are known.
    """
    profile: dict[str, Spread | Shares | None] = {}
    for spec in schema.columns:
        if spec.kind == CATEGORY:
            known = columns[spec.name][columns[spec.name] != ""]
            profile[spec.name] = {
                each.value: float(np.mean(known == each.value)) if len(known) >= MIN_CUSTOMERS else None
                for each in spec.categories
            }
    numbers = [spec.name for spec in schema.columns if spec.kind != CATEGORY]
    for name in (*numbers, *(feature.name for feature in schema.features)):
        values = matrix(schema, columns, (name,))[:, 0]
        known = values[~np.isnan(values)]
        profile[name] = _spread(known) if len(known) >= MIN_CUSTOMERS else None
    return profile


def _spread(known: NDArray[np.float64]) -> Spread:
    low, middle, high = quantiles(known, (0.25, 0.5, 0.75)).tolist()
    return Spread(mean=float(known.mean()), q25=low, median=middle, q75=high)
