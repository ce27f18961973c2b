"""The figures that a name and an action follow from: medians next to the other customers', rates, value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from inference.dates import iso_date
from trainer.schema import meanings as m
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.order_statistics import MIN_CUSTOMERS, quantiles
from trainer.schema.schema import Schema
from trainer.segments.naming.differences import Difference
from trainer.segments.naming.named_columns import NamedColumn
from trainer.segments.naming.segment_value import RATE, SegmentValue

MOST = 3  # columns


def figures_behind(
    schema: Schema,
    columns: Columns,
    own: NDArray[np.bool_],
    *,
    named: Sequence[Difference],
    segment: int,
    value: SegmentValue,
) -> str:
    """The figures, separated by semicolons; empty where too few customers are known.

    Args:
        own: which rows ``[N]`` are in the segment; named: what its name and action are about.
    """
    parts = [_of_column(schema, columns, own, each, segment) for each in named[:MOST]]
    parts += list(_of_value(schema, value))
    return "; ".join(part for part in parts if part)


def median_of(schema: Schema, columns: Columns, rows: NDArray[np.bool_], name: str) -> float | None:
    """The median of a column's known cells in some rows, a mean of five; ``None`` where fewer are known."""
    values = matrix(schema, columns, (name,))[:, 0][rows]
    known = values[~np.isnan(values)]
    return float(quantiles(known, (0.5,))[0]) if len(known) >= MIN_CUSTOMERS else None


def _of_column(
    schema: Schema, columns: Columns, own: NDArray[np.bool_], difference: Difference, segment: int
) -> str:
    column = difference.column
    if difference.category:
        return f"{column.label.lower()} {difference.category}: {difference.shares[segment]:.0%}"
    here, there = (median_of(schema, columns, rows, column.source) for rows in (own, ~own))
    if here is None or there is None or here == there:
        return ""
    return (
        f"median {_label(column)} {_written(schema, column, here)} (others {_written(schema, column, there)})"
    )


def _of_value(schema: Schema, value: SegmentValue) -> Iterator[str]:
    if schema.value is None or value.index is None:
        return
    label = schema.label(schema.value).lower()
    if value.kind == RATE:
        yield f"{value.rate_index:.2f} times the average {label} per unit of tenure"
    elif value.index < 0:
        yield f"total {label} below zero"
    else:
        yield f"{value.index:.2f} times the average {label}"


def _label(column: NamedColumn) -> str:
    label = column.label if column.label[1:2].isupper() else column.label[:1].lower() + column.label[1:]
    if column.meaning == m.RECENCY and label == "recency":
        return "days since the last purchase"
    return label


def _written(schema: Schema, column: NamedColumn, value: float) -> str:
    for spec in schema.columns:
        if spec.name == column.source:
            if column_kind(spec).is_date:
                return iso_date(math.floor(value))
            return f"{_figure(value)} {_unit(spec.unit)}".strip()
    return _figure(value)


def _figure(value: float) -> str:
    """A figure with at most four digits after its thousands.

    >>> _figure(13562.4), _figure(0.41237), _figure(-5.0)
    ('13,562', '0.4124', '-5')
    """
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e12 else f"{value:.4g}"


def _unit(unit: str) -> str:
    """A unit; a range such as 1-100 is none."""
    return unit if any(letter.isalpha() or letter in "€$£%¥" for letter in unit) else ""
