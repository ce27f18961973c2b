"""From raw columns to the features that are scaled, clustered and classified.

Every feature has one definition, with two readings: ``matrix`` computes it with numpy, ``emit`` writes
the same steps as ONNX nodes, in the same order and in double, so that both give the same bits. What a raw
column becomes is up to its kind (``trainer.schema.kinds``), an engineered feature is a formula.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.schema.column_arrays import Columns
from trainer.schema.column_spec import ColumnSpec
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.onnx_graph import Graph
from trainer.schema.schema import Schema


def feature_names(schema: Schema) -> tuple[str, ...]:
    """Names of all features: of the raw columns in their order, then engineered."""
    raw = [name for column in schema.columns for name in column.features]
    return (*raw, *(feature.name for feature in schema.features))


def matrix(schema: Schema, columns: Columns, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Compute features ``[N, len(names)]`` from raw columns ``[N]``.

    Numbers and dates (in days) come as double with NaN for missing, categories as str with ``""`` for
    missing; a feature is NaN where any of its columns is missing.
    """
    known: dict[str, NDArray[np.float64]] = {}
    for column in schema.columns:
        wanted = [name for name in column.features if name in names]
        known |= column_kind(column).matrix(column, columns[column.name], wanted)
    for feature in schema.features:
        if feature.name in names:
            known[feature.name] = feature.formula.evaluate(columns)
    return np.column_stack([known[name] for name in names]).astype(np.float64)


def emit(schema: Schema, graph: Graph, names: tuple[str, ...]) -> str:
    """Append nodes computing the features ``[N, len(names)]`` in double; returns the tensor's name."""
    return graph.node("Concat", *emit_each(schema, graph, names), axis=1)


def emit_columns(schema: Schema, graph: Graph, names: tuple[str, ...]) -> str:
    """The same as ``[len(names), N]``, so that the steps after it run over contiguous customers."""
    each = emit_each(schema, graph, names)
    long = graph.node("Concat", *each, axis=0)
    return graph.node("Reshape", long, graph.constant(np.array([len(each), -1])))


def emit_each(schema: Schema, graph: Graph, names: tuple[str, ...]) -> list[str]:
    """The same as one tensor ``[N, 1]`` per feature; returns their names."""
    known: dict[str, str] = {}
    for column in schema.columns:
        wanted = [name for name in column.features if name in names]
        known |= column_kind(column).emit(column, graph, wanted)
    inputs = {column.name: column.name for column in schema.columns}
    for feature in schema.features:
        if feature.name in names:
            known[feature.name] = feature.formula.emit(graph, inputs)
    return [known[name] for name in names]


def emit_of_one(schema: Schema, graph: Graph, names: tuple[str, ...], values: str) -> str:
    """The same ``[len(names), 1]`` for one customer whose known columns are numbers ``[columns, 1]``.

    See ``inference.kinds.kind.Kind.number``.
    """
    positions = {column.name: index for index, column in enumerate(schema.columns)}
    plain = {column.name for column in schema.columns if column_kind(column).ordered}
    if plain.issuperset(names):
        rows = graph.constant(np.array([positions[name] for name in names]))
        return graph.node("Gather", values, rows, axis=0)
    cells = graph.split(values, len(positions), axis=0) if len(positions) > 1 else [values]
    known: dict[str, str] = {}
    for column, cell in zip(schema.columns, cells, strict=True):
        known |= column_kind(column).emit_number(column, graph, cell)
    inputs = dict(zip(schema.names, cells, strict=True))
    for feature in schema.features:
        if feature.name in names:
            known[feature.name] = feature.formula.emit(graph, inputs)
    return graph.node("Concat", *(known[name] for name in names), axis=0)


def indicators(schema: Schema) -> dict[str, tuple[ColumnSpec, str]]:
    """Feature name -> column and category of every indicator: 1 in that category, 0 in another."""
    return {
        name: (column, value)
        for column in schema.columns
        for name, value in column_kind(column).indicators(column).items()
    }
