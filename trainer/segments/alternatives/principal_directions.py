"""The main directions in which customers differ (principal components), as features of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.schema import Schema
from trainer.segments.alternatives.spend_features import added
from trainer.segments.structure.fences import fit_fences

FEWEST_COLUMNS = 4  # of three or less there is nothing to sum up
FEWEST, MOST = 2, 4  # directions
EXPLAINED = 0.8  # of the variance


def principal_directions(schema: Schema, columns: Columns) -> Schema | None:
    """The clustering columns summed up in two to four weighted sums that explain most of their variance.

    Categories stay as they are: a formula cannot compute with them.

    The weights are those of the correlation matrix's eigenvectors for values as they are clustered, divided
    by the columns' standard deviations and rounded to four digits: the rounded ones are the definition.
    """
    known = _texts(schema)
    names = [name for name in schema.clustering if name in known]
    if len(names) < FEWEST_COLUMNS:
        return None
    texts = [known[name] for name in names]
    table = matrix(schema, columns, tuple(names))
    if not (table.std(axis=0) > 0).all():
        return None
    fences = fit_fences(table)
    values, vectors = np.linalg.eigh(np.corrcoef(fences.scaled(table), rowvar=False))
    shares = np.cumsum(values[::-1].clip(min=0)) / values.clip(min=0).sum()
    count = min(max(int(np.searchsorted(shares, EXPLAINED)) + 1, FEWEST), MOST, len(texts) - 1)
    parts, named = [], set[int]()
    for number, vector in enumerate(vectors.T[::-1][:count], start=1):
        order = np.argsort(-np.abs(vector), kind="stable")
        strongest = next(int(index) for index in order if int(index) not in named)
        named.add(strongest)
        signed = vector if vector[strongest] > 0 else -vector
        label = f"{schema.plain_label(names[strongest])} direction"
        parts.append((f"direction_{number}", label, _weighted_sum(texts, signed / fences.deviation)))
    others = [name for name in schema.clustering if name not in known]
    return added(schema, parts, keep=others)


def _texts(schema: Schema) -> dict[str, str]:
    """The arithmetic of each number column and each feature."""
    numbers = {spec.name: spec.name for spec in schema.columns if column_kind(spec).is_number}
    return numbers | {each.name: f"({each.formula.text})" for each in schema.features}


def _weighted_sum(texts: Sequence[str], weights: NDArray[np.float64]) -> str:
    """A formula, the terms in order, with weights of four digits."""
    written = [f"{abs(weight):.4g}" for weight in weights]
    signs = ["+" if weight >= 0 else "-" for weight in weights]
    terms = [f"{sign} {weight} * {text}" for sign, weight, text in zip(signs, written, texts, strict=True)]
    return " ".join(["0", *terms]) if signs[0] == "-" else " ".join(terms).removeprefix("+ ")
