"""Asks an engine of SQL with a model's statement, and compares its answers with those of the model file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Answers, Contract, Segmenter
from inference.dates import iso_date
from inference.engines.sql.dialects import DIALECTS
from inference.engines.sql.sql_statement import SqlOptions, sql_statement

TOLERANCE = 1e-5  # of probabilities, as in the test vectors
ID = "customer id"  # with a blank, so that names must be quoted
Rows = list[list[Any]]
Ask = Callable[[str, Contract, Rows], list[dict[str, Any]]]
"""Runs a statement over a table ``customers`` with an id and the model's columns; gives rows by column."""


@dataclass(frozen=True, kw_only=True)
class Customers:
    """A model's columns as ``predict_many`` takes them, and the same as rows for a database."""

    columns: dict[str, Any]
    rows: Rows


def customers(contract: Contract, columns: dict[str, NDArray[Any]]) -> Customers:
    """Customers from columns as the graph takes them; categories that are not known become missing."""
    plain = {name: _plain(contract, name, values) for name, values in columns.items()}
    rows = [[place, *cells] for place, cells in enumerate(zip(*plain.values(), strict=True))]
    return Customers(columns=plain, rows=rows)


def _plain(contract: Contract, name: str, values: NDArray[Any]) -> list[Any]:
    column = contract.column(name)
    if column.kind == "category":
        known = {each.value for each in column.categories}
        return [each if each in known or (each and column.other) else None for each in values]
    cells = [None if math.isnan(each) else float(each) for each in values]
    return (
        [each if each is None else iso_date(math.floor(each)) for each in cells]
        if column.kind == "date"
        else cells
    )


def statement(model: Segmenter, dialect: str, **options: Any) -> str:
    """The statement with the id and every probability."""
    wanted = SqlOptions(keep=[ID], all_probabilities=True, **options)
    return sql_statement(model, DIALECTS[dialect], wanted)


def assert_same_answers(path: Path, dialect: str, ask: Ask, columns: dict[str, NDArray[Any]]) -> None:
    """The engine must give the segments, routes and certainties of the model file."""
    segmenter = Segmenter.load(path)
    asked = customers(segmenter.contract, columns)
    wanted = segmenter.predict_many(asked.columns)
    given = ask(statement(segmenter, dialect), segmenter.contract, asked.rows)
    given.sort(key=lambda row: row[ID])
    assert [row[ID] for row in given] == list(range(len(asked.rows)))
    assert_answers(segmenter.contract, given, wanted)


def assert_answers(contract: Contract, given: Sequence[dict[str, Any]], wanted: Answers) -> None:
    """Equal but for probabilities and novelty, which differ in their last digits."""
    assert [row["segment"] for row in given] == list(wanted.segment)
    assert [row["route"] for row in given] == list(wanted.route)
    assert [bool(row["enough"]) for row in given] == list(wanted.enough)
    chances = [[row[f"probability_{each.id}"] for each in contract.segments] for row in given]
    np.testing.assert_allclose(np.array(chances, dtype=float), wanted.probabilities, rtol=0, atol=TOLERANCE)
    own = np.array([row["probability"] for row in given], dtype=float)
    np.testing.assert_allclose(own, wanted.probability, rtol=0, atol=TOLERANCE)
    novelty = np.array([row["novelty"] for row in given], dtype=float)
    np.testing.assert_allclose(novelty, wanted.novelty, rtol=1e-9, equal_nan=True)
    assert {row["error"] for row in given} == {None}
    assert {row["note"] for row in given} == {None}


def create_table(contract: Contract, types: dict[str, str], quote: str = '"') -> str:
    """``CREATE TABLE customers``; ``types``: of each kind of column."""
    kinds = [(column.name, types[column.kind]) for column in contract.columns]
    listed = ", ".join(f"{quote}{name}{quote} {kind}" for name, kind in ((ID, "INTEGER"), *kinds))
    return f"CREATE TABLE customers ({listed})"


def by_column(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows as mappings."""
    return [dict(zip(names, row, strict=True)) for row in rows]
