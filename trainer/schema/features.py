"""From raw columns to the features that are scaled, clustered and classified.

Every feature has one definition, with two readings: ``matrix`` computes it with numpy, ``emit`` writes
the same steps as ONNX nodes, in the same order and in double, so that both give the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from inference.contract import CATEGORY
from trainer.schema.column_arrays import Columns
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.onnx_graph import ML_DOMAIN, Graph
from trainer.schema.schema import Schema


def feature_names(schema: Schema) -> tuple[str, ...]:
    """Names of all features: raw numbers, one indicator a category beyond the first, engineered."""
    raw = [name for column in schema.columns for name in column.features]
    return (*raw, *(feature.name for feature in schema.features))


def taken(column: ColumnSpec, cells: NDArray[Any]) -> NDArray[Any]:
    """The category each cell ``[N]`` counts as: itself, ``other`` when it is unknown text, or ``""``.

    Without ``other``, unknown text counts as missing. The graph does the same.
    """
    known = np.isin(cells, [category.value for category in column.categories])
    unknown = np.isin(cells, ["", *column.missing]) & ~known
    return np.where(known, cells, np.where(unknown, "", column.other))


def matrix(schema: Schema, columns: Columns, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Compute features ``[N, len(names)]`` from raw columns ``[N]``.

    Numbers and dates (in days) come as double with NaN for missing, categories as str with ``""`` for missing
    (see ``taken`` about unknown ones); a feature is NaN where any of its columns is missing.
    """
    numbers = {column.name: columns[column.name] for column in schema.columns if column.kind != CATEGORY}
    known: dict[str, NDArray[np.float64]] = dict(numbers)
    for column in schema.columns:
        if column.ordered and column.name in names:
            known[column.name] = _ordinal(column, columns[column.name])
        wanted = [each for each in _indicators(column) if each[0] in names]
        cells = taken(column, columns[column.name]) if wanted else columns[column.name]
        for name, value in wanted:
            known[name] = np.where(cells == "", np.nan, (cells == value).astype(np.float64))
    for feature in schema.features:
        if feature.name in names:
            known[feature.name] = feature.formula.evaluate(numbers)
    return np.column_stack([known[name] for name in names]).astype(np.float64)


def _ordinal(column: ColumnSpec, cells: NDArray[Any]) -> NDArray[np.float64]:
    """The number of each cell's category ``[N]``, NaN where it is missing."""
    counted = taken(column, cells)
    known = np.full(len(cells), np.nan)
    for value, number in column.numbers.items():
        known[counted == value] = np.float64(np.float32(number))  # the graph keeps float32
    return known


def emit(schema: Schema, graph: Graph, names: tuple[str, ...]) -> str:
    """Append nodes computing the features ``[N, len(names)]`` in double; returns the tensor's name."""
    inputs = {column.name: column.name for column in schema.columns}
    known = dict(inputs)
    for column in schema.columns:
        if column.ordered and column.name in names:
            known[column.name] = emit_by_category(graph, column, column.numbers, missing=float("nan"))
        for name, value in _indicators(column):
            if name in names:
                numbers = {each.value: float(each.value == value) for each in column.categories}
                known[name] = emit_by_category(graph, column, numbers, missing=float("nan"))
    for feature in schema.features:
        if feature.name in names:
            known[feature.name] = feature.formula.emit(graph, inputs)
    return graph.node("Concat", *(known[name] for name in names), axis=1)


def indicators(schema: Schema) -> dict[str, tuple[ColumnSpec, str]]:
    """Feature name -> column and category of every indicator: 1 in that category, 0 in another."""
    return {name: (column, value) for column in schema.columns for name, value in _indicators(column)}


def _indicators(column: ColumnSpec) -> list[tuple[str, str]]:
    """Feature name and category of each indicator; the first category is the one without."""
    if column.kind != CATEGORY or column.ordered:
        return []
    values = [category.value for category in column.categories[1:]]
    return list(zip(column.features, values, strict=True))


def emit_by_category(graph: Graph, column: ColumnSpec, numbers: Mapping[str, float], missing: float) -> str:
    """Append nodes giving each cell its category's number: double ``[N, 1]``; ``missing`` where it has none.

    Whatever falls to ``other`` (see ``taken``) is decided here, so that every language gets it.
    """
    unknown = {word: missing for word in ("", *column.missing) if word not in numbers}
    coded = {**numbers, **unknown} if column.other else numbers
    encoded = graph.node(
        "LabelEncoder",
        column.name,
        domain=ML_DOMAIN,
        keys_strings=list(coded),
        values_floats=list(coded.values()),
        default_float=numbers[column.other] if column.other else missing,
    )
    return graph.cast(encoded, TensorProto.DOUBLE)
