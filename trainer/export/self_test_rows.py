"""Rows with known answers, stored in the contract and checked each time a file is loaded."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.missing_patterns import hide
from trainer.results.fitted import Fitted
from trainer.schema.kinds.column_kinds import column_kind
from trainer.table.customer_table import Table

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def self_test(fitted: Fitted, table: Table) -> dict[str, Any]:
    """Inputs and the answers of scikit-learn and XGBoost to them, as JSON columns.

    The rows are made of quantiles, so that none is a customer: one per centroid, one per quantile, and the
    median row with each column and each pair of columns missing. Where unknown categories count as another
    category, the first row has an unknown one. Dates are days.
    """
    columns = _rows(fitted, table)
    answers = fitted.answer(columns)
    return {
        "inputs": {name: _json(values) for name, values in columns.items()},
        "outputs": {name: _json(values) for name, values in answers.items()},
    }


def _rows(fitted: Fitted, table: Table) -> dict[str, NDArray[Any]]:
    schema = fitted.schema
    width = len(schema.names)
    levels: dict[str, NDArray[Any]] = {
        spec.name: column_kind(spec).levels(spec, table.columns[spec.name], LEVELS, position)
        for position, spec in enumerate(schema.columns)
    }
    groups = (
        [(each,) for each in range(width)]
        + list(combinations(range(min(width, 6)), 2))
        + [tuple(range(width))]
    )
    middle = {name: values[2:3] for name, values in levels.items()}
    hidden = [hide(schema, middle, tuple(schema.names[each] for each in group)) for group in groups]
    return {name: np.concatenate([levels[name], *(row[name] for row in hidden)]) for name in schema.names}


def _json(values: NDArray[Any]) -> list[Any]:
    """Lists of plain Python values; NaN and the empty text become ``None``."""
    return [_plain(each) for each in values.tolist()]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    return value
