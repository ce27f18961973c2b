"""Puts a model together once it is decided: segments in their order, the classifier, names and distances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import Contract
from trainer.classifier.candidates import CANDIDATES, fit_classifier
from trainer.classifier.model_size import choose_size
from trainer.config import TrainConfig
from trainer.export.fitted import Fitted, far_distances
from trainer.export.write_contract import describe_segments
from trainer.schema.schema import Schema
from trainer.segments.kmeans import Segmentation, fit_segmentation
from trainer.segments.matching import Pairing, pair
from trainer.segments.naming import segment_indices


def assemble(
    segmentation: Segmentation,
    columns: Mapping[str, NDArray[Any]],
    *,
    classifier: str,
    membership_scale: float,
    seed: int,
    temperature: float = 1.0,
) -> Fitted:
    """Put a model together from decisions already made: fit the classifier, name and profile the segments.

    Args:
        segmentation: with the numbering that is kept.
        columns: raw columns of the rows that were clustered.
        classifier: name of a candidate.
        membership_scale: see ``trainer.segments.soft_membership``.
        seed: of the classifier.
        temperature: of its probabilities (see ``trainer.classifier.temperature``).
    """
    labels = segmentation.nearest(columns)
    candidate = CANDIDATES[classifier]
    settings = choose_size(candidate, segmentation, columns, labels, seed=seed)
    fitted = fit_classifier(candidate, segmentation, columns, labels, settings=settings, seed=seed)
    return Fitted(
        segmentation=segmentation,
        classifier=replace(fitted, temperature=temperature),
        segments=describe_segments(segmentation, columns, labels),
        membership_scale=membership_scale,
        far=far_distances(segmentation, columns, labels),
    )


def fit_ordered(
    schema: Schema,
    columns: Mapping[str, NDArray[Any]],
    k: int,
    config: TrainConfig,
    earlier: Contract | None,
) -> tuple[Segmentation, Pairing | None]:
    """Fit, and number the segments as the earlier file did, or else the most valuable first."""
    fitted = fit_segmentation(schema, columns, k, seed=config.seed, n_init=config.n_init)
    pairing = None if earlier is None else pair(earlier, schema.clustering_features, fitted.raw_centroids())
    if pairing is not None:
        return fitted.reordered(pairing.order), pairing
    indices = segment_indices(schema, columns, fitted.nearest(columns), k)
    worth = np.array([0.0 if index is None else index for index in indices])
    keys = [*fitted.raw_centroids().T[::-1], -worth]
    return fitted.reordered(np.lexsort(keys)), None
