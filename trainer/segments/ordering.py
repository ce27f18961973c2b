"""Numbers the segments: as in the previous model, otherwise the most valuable first."""

from __future__ import annotations

import numpy as np

from inference.contract import Contract
from trainer.schema.column_arrays import Columns
from trainer.segments.kmeans import Segmentation
from trainer.segments.matching import Pairing, pair
from trainer.segments.naming.segment_value import segment_indices


def in_order(
    fitted: Segmentation, columns: Columns, earlier: Contract | None
) -> tuple[Segmentation, Pairing | None]:
    """The renumbered segmentation, and which of its segments continue those of the previous model.

    Args:
        fitted: with the numbering of K-Means.
        columns: raw columns of the clustered rows ``[N]``.
        earlier: the contract of the previous model.

    Returns:
        The pairing is ``None`` where there is no previous model, or one with other clustering features.
    """
    schema = fitted.schema
    pairing = None if earlier is None else pair(earlier, schema.clustering_features, fitted.raw_centroids())
    if pairing is not None:
        return fitted.reordered(pairing.order), pairing
    indices = segment_indices(schema, columns, fitted.nearest(columns), fitted.k)
    values = np.array([0.0 if index is None else index for index in indices])
    keys = [*fitted.raw_centroids().T[::-1], -values]
    return fitted.reordered(np.lexsort(keys)), None
