"""Chooses k for the clustering columns of a schema: connects a table's columns with ``choose_k``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from trainer.parallel import Progress, no_progress
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.segments.choose_k import Choice, ChoiceSettings, choose_k


def choose_for(
    schema: Schema, columns: Columns, settings: ChoiceSettings, *, progress: Progress = no_progress
) -> Choice:
    """Choose k for rows in which every clustering column is present.

    Tables without segments are drawn from the raw columns, and the clustering features are computed again
    from them: an engineered feature of shuffled columns is not a shuffled feature.
    """
    sources = [spec for spec in schema.columns if spec.name in schema.clustering_sources]

    def build(raw: NDArray[np.float64]) -> NDArray[np.float64]:
        known = {
            spec.name: column_kind(spec).decoded(spec, codes)
            for spec, codes in zip(sources, raw.T, strict=True)
        }
        full = {name: known.get(name, columns[name][: len(raw)]) for name in schema.names}
        features = matrix(schema, full, schema.clustering_features)
        return np.asarray(StandardScaler().fit_transform(features), dtype=np.float64)

    raw = np.column_stack([column_kind(spec).encoded(spec, columns[spec.name]) for spec in sources])
    return choose_k(raw, build, settings, progress=progress)
