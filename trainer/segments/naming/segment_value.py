"""The value of segments: their share of a total that may have negative cells, or a rate; and tiers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from trainer.schema import meanings as m
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.schema import Schema
from trainer.segments.naming.named_columns import named_column

PREMIUM, AVERAGE, LOW_SPENDING = "premium", "average", "low-spending"
TIERS = (PREMIUM, AVERAGE, LOW_SPENDING)
PREMIUM_INDEX, AVERAGE_INDEX = 1.25, 0.6
LEAST_NET = 0.1
"""Share of the amounts without their signs that their sum must reach, for shares of it to mean anything."""
ACCUMULATES = 0.6  # rank correlation with tenure from which on a value is one of all the time so far
TOTAL, RATE = "total", "rate"


@dataclass(frozen=True, kw_only=True)
class SegmentValue:
    """The value of one segment.

    Attributes:
        index: share of value over share of customers; negative where returns exceed purchases, ``None``
            without a value column and where shares mean nothing.
        rate_index: value per unit of tenure over that of all customers, where value accumulates with tenure.
        kind: what the tier is computed from: ``"total"``, ``"rate"``, or empty without a tier.
        tier: empty where no tier can be claimed.
    """

    index: float | None = None
    rate_index: float | None = None
    kind: str = ""
    tier: str = ""


def segment_values(schema: Schema, columns: Columns, labels: NDArray[np.int64], k: int) -> list[SegmentValue]:
    """The value of each of ``K`` segments of rows ``[N]``, among customers whose value is known.

    Costs, refunds, debts and the like are never value. Shares of a total that is zero or negative mean
    nothing, nor do those of one that is small next to the amounts it is a sum of: then there is no index.
    """
    if schema.value is None:
        return [SegmentValue()] * k
    named = named_column(schema, schema.value)
    if named.meaning in m.NEVER_VALUE or named.direction == m.WORSE:
        return [SegmentValue()] * k
    value = matrix(schema, columns, (schema.value,))[:, 0]
    known = ~np.isnan(value)
    own = [known & (labels == segment) for segment in range(k)]
    total = float(value[known].sum())
    if total <= LEAST_NET * float(np.abs(value[known]).sum()) or not all(each.any() for each in own):
        return [SegmentValue()] * k
    indices = [float(value[each].sum() / total / (each.sum() / known.sum())) for each in own]
    rates = _rates(schema, columns, value, own)
    return [
        SegmentValue(
            index=index,
            rate_index=rate,
            kind=TOTAL if rate is None else RATE,
            tier=tier_of(index if rate is None else rate),
        )
        for index, rate in zip(indices, rates, strict=True)
    ]


def segment_indices(
    schema: Schema, columns: Columns, labels: NDArray[np.int64], k: int
) -> list[float | None]:
    """Share of value over share of customers, per segment (see ``segment_values``)."""
    return [each.index for each in segment_values(schema, columns, labels, k)]


def tier_of(index: float) -> str:
    """The tier of a value index, or of a rate's."""
    return PREMIUM if index > PREMIUM_INDEX else AVERAGE if index >= AVERAGE_INDEX else LOW_SPENDING


def tenure_column(schema: Schema) -> str | None:
    """The number column that says how long customers have been there, where exactly one does."""
    found = [
        spec.name
        for spec in schema.columns
        if (named := named_column(schema, spec.name)).meaning == m.TENURE
        and not named.category
        and not named.turned
    ]
    return found[0] if len(found) == 1 else None


def _rates(
    schema: Schema, columns: Columns, value: NDArray[np.float64], own: list[NDArray[np.bool_]]
) -> list[float | None]:
    """Value per unit of tenure over that of all, where value accumulates with tenure; else ``None``."""
    nothing: list[float | None] = [None] * len(own)
    tenure = tenure_column(schema)
    if tenure is None:
        return nothing
    time = matrix(schema, columns, (tenure,))[:, 0]
    known = ~np.isnan(value) & ~np.isnan(time) & (time > 0)
    if known.sum() < 3 or value[known].std() == 0 or time[known].std() == 0:
        return nothing
    together = float(np.corrcoef(rankdata(value[known]), rankdata(time[known]))[0, 1])
    if together < ACCUMULATES or not all((each & known).any() for each in own):
        return nothing
    overall = value[known].sum() / time[known].sum()
    return [float(value[each & known].sum() / time[each & known].sum() / overall) for each in own]
