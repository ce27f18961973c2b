"""The rows a run works on: any table as a clean one, and of it the rows that can be clustered."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import InputError
from inference.wording import counted
from trainer.config import TrainConfig
from trainer.roles.preparation import Prepared, prepare
from trainer.roles.settings.role_settings import Roles
from trainer.schema.column_arrays import Columns
from trainer.schema.features import matrix
from trainer.schema.order_statistics import MIN_CUSTOMERS
from trainer.table.customer_table import MIN_ROWS, Table, missing_cells


def table_of(data: Any, config: TrainConfig) -> Table:
    """The clean table of whatever ``train`` was given.

    Raises:
        InputError: when a clean table, whose columns have their roles, comes with other roles.
    """
    if not isinstance(data, Table):
        prepared = data if isinstance(data, Prepared) else prepare(data, config.roles, seed=config.seed)
        return prepared.table
    if config.roles != Roles():
        raise InputError(
            "the columns of a clean table have their roles already; give the table as it was read"
        )
    return data


def clusterable_columns(table: Table) -> Columns:
    """The raw columns of the rows ``[M]`` that have every clustering column.

    Raises:
        InputError: when there are too few of them, one of their columns has no value at all, or a feature
            reaches infinity.
    """
    usable = table.clusterable()
    if usable.sum() < MIN_ROWS:
        raise InputError(
            f"at least {MIN_ROWS} rows must have every clustering column "
            f"{table.schema.clustering_sources}, but {usable.sum()} of {len(table)} have; add rows or change "
            "the columns"
        )
    columns = table.take(usable)
    _refuse_empty(table, columns)
    _refuse_infinite(table, columns)
    return columns


def refuse_few_customers(labels: NDArray[np.int64], k: int) -> None:
    """Refuse segments of so few customers that their centre would give one away.

    Raises:
        InputError: when a segment has fewer than five.
    """
    smallest = int(np.bincount(labels, minlength=k).min())
    if smallest < MIN_CUSTOMERS:
        raise InputError(
            f"each segment must have at least {MIN_CUSTOMERS} customers, or its centre would be a customer's "
            f"values, but with k = {k} one has {counted(smallest, 'customer')}; choose fewer segments, or "
            "leave out the column in which few customers are far from all others"
        )


def _refuse_empty(table: Table, columns: Columns) -> None:
    """Refuse a column without any value, by name."""
    missing = missing_cells(table.schema, columns).all(axis=0)
    for spec, empty in zip(table.schema.columns, np.atleast_1d(missing), strict=True):
        if empty:
            raise InputError(
                f"column {spec.name!r} must be known in some rows that have every clustering column, but it "
                "is missing in all; fill it in or leave it out of the schema",
                column=spec.name,
            )


def _refuse_infinite(table: Table, columns: Columns) -> None:
    """Refuse a feature that reaches infinity, by name."""
    for feature in table.schema.features:
        if np.isinf(matrix(table.schema, columns, (feature.name,))).any():
            raise InputError(
                f"the feature {feature.name!r} must be finite, but {feature.formula.text!r} divides by zero "
                "in some rows; change the formula"
            )
