"""How much each column differs between the segments, and clustering columns that may mislead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.wording import listed
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.segments.cluster_metrics import eta_squared
from trainer.segments.kmeans import Segmentation


def separation(schema: Schema, columns: Columns, labels: NDArray[np.int64]) -> dict[str, float]:
    """The share of each raw column's variance that lies between segments (eta squared), 0 to 1.

    A category counts as the mean over its indicators.
    """
    shares = {}
    for spec in schema.columns:
        values = matrix(schema, columns, spec.features)
        shares[spec.name] = float(np.mean([eta_squared(column, labels) for column in values.T]))
    return shares


def clustering_warnings(segmentation: Segmentation, columns: Columns, labels: NDArray[np.int64]) -> list[str]:
    """Problems of the clustering columns, in sentences with figures; usually none."""
    schema = segmentation.schema
    shares = separation(schema, columns, labels)
    found = []
    for spec in schema.columns:
        levels = len(np.unique(columns[spec.name]))
        if spec.name in schema.clustering and (not column_kind(spec).ordered or levels <= 2):
            found.append(
                f"{spec.label} is a clustering column with {levels} values; {shares[spec.name]:.0%} of its "
                "variance lies between the segments, which may be little more than these values"
            )
    for feature in schema.features:
        twice = [schema.label(name) for name in feature.formula.columns if name in schema.clustering]
        if feature.name in schema.clustering and twice:
            explained = _explained(schema, columns, feature.name)
            are = "is" if len(twice) == 1 else "are"
            found.append(
                f"{feature.label} is a clustering column, and so {are} {listed(twice)}, which it is computed "
                f"from; the other clustering columns explain {explained:.0%} of it and so count twice"
            )
    return found


def _explained(schema: Schema, columns: Columns, name: str) -> float:
    """Share of a clustering feature's variance that the others explain (R squared, linear)."""
    others = tuple(each for each in schema.clustering_features if each != name)
    own = matrix(schema, columns, (name,))[:, 0]
    design = np.column_stack([matrix(schema, columns, others), np.ones(len(own))])
    fitted = design @ np.linalg.lstsq(design, own, rcond=None)[0]
    return float(1 - ((own - fitted) ** 2).sum() / ((own - own.mean()) ** 2).sum())
