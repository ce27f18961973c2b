"""Customers of the embedded table, drawn again and counted."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Segmenter
from inference.drift import Counts, Layout
from inference.validation import check_columns
from trainer import Table, read_table

Columns = dict[str, NDArray[Any]]


@cache
def _table() -> Table:
    return read_table()


def mall() -> Columns:
    """Every customer of the table."""
    return {name: cells.copy() for name, cells in _table().columns.items()}


def sample(rows: int, *, seed: int = 0) -> Columns:
    """Customers drawn with replacement."""
    columns = mall()
    drawn = np.random.default_rng(seed).integers(0, len(columns["age"]), rows)
    return {name: cells[drawn] for name, cells in columns.items()}


def shifted(columns: Columns, *, deviations: float = 0.5) -> Columns:
    """The same customers with higher incomes."""
    return {**columns, "annual_income": columns["annual_income"] + deviations * mall()["annual_income"].std()}


def rows_of(columns: Columns) -> list[dict[str, Any]]:
    """Customers as the API takes them."""
    names, cells = list(columns), [values.tolist() for values in columns.values()]
    return [dict(zip(names, each, strict=True)) for each in zip(*cells, strict=True)]


def count(segmenter: Segmenter, columns: Columns) -> Counts:
    """The counts of customers."""
    checked = check_columns(segmenter.contract, columns)
    checked.raise_for_problems()
    counts = Counts(Layout(segmenter.contract))
    counts.add(checked.feeds, segmenter.answer(checked))
    return counts


def clustering_points() -> NDArray[np.float64]:
    """Income and spending score of every customer ``[200, 2]``, in standard deviations."""
    columns = mall()
    points = np.stack([columns["annual_income"], columns["spending_score"]], axis=1)
    return np.asarray((points - points.mean(axis=0)) / points.std(axis=0))
