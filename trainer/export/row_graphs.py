"""Two small graphs for callers who know whether a clustering column is unknown: without branches and texts.

The whole graph answers the same. The small ones are in its metadata, for readers that know them. The one for
complete rows has the clustering columns as inputs only.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import onnx
from onnx import helper

from inference.contract import (
    CLASSIFIER_PROBABILITIES,
    DISTANCES,
    NOVELTY,
    OUTPUT_TABLE,
    PROBABILITIES,
    SEGMENT_ID,
)
from inference.contract.outputs import SEGMENTS
from trainer.export.graph_parts import emit_centroids, emit_classified, emit_points
from trainer.results.fitted import Fitted
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.onnx_graph import IR_VERSION, OPSETS, TENSOR_TYPES, Graph


def build_complete_rows(fitted: Fitted) -> onnx.ModelProto:
    """The graph of complete rows, checked."""
    graph = Graph(taken=fitted.schema.names)
    near = emit_centroids(graph, fitted, emit_points(graph, fitted))
    found = {
        SEGMENT_ID: near.ids,
        PROBABILITIES: near.probabilities,
        DISTANCES: near.distances,
        NOVELTY: near.novelty,
    }
    return rows_model(graph, fitted, "complete_rows", fitted.schema.clustering_sources, found)


def build_incomplete_rows(fitted: Fitted) -> onnx.ModelProto:
    """The graph of rows with an unknown clustering column, checked."""
    graph = Graph(taken=fitted.schema.names)
    said, opinions = emit_classified(graph, fitted, emit_points(graph, fitted))
    found = {
        SEGMENT_ID: said.ids,
        PROBABILITIES: said.probabilities,
        NOVELTY: said.novelty,
        CLASSIFIER_PROBABILITIES: opinions,
    }
    return rows_model(graph, fitted, "incomplete_rows", fitted.schema.names, found)


def encoded(model: onnx.ModelProto) -> str:
    """The graph as text, for a file's metadata."""
    return base64.b64encode(model.SerializeToString(deterministic=True)).decode("ascii")


def row_graph(model: bytes, key: str) -> bytes | None:
    """One of the small graphs in a file's metadata; ``None`` where it has none."""
    properties = {each.key: each.value for each in onnx.load_from_string(model).metadata_props}
    return base64.b64decode(properties[key]) if key in properties else None


def rows_model(
    graph: Graph,
    fitted: Fitted,
    title: str,
    columns: tuple[str, ...],
    found: dict[str, str],
    *more: onnx.ValueInfoProto,
) -> onnx.ModelProto:
    """A model of some columns and ``more`` inputs; ``found``: output -> the tensor that it is."""
    graph.rename({tensor: name for name, tensor in found.items()})
    inputs = [
        helper.make_tensor_value_info(spec.name, column_kind(spec).tensor, ["N", 1])
        for spec in fitted.schema.columns
        if spec.name in columns
    ]
    sizes: dict[str | int, int] = {SEGMENTS: fitted.segmentation.k}
    known = {output.name: output for output in OUTPUT_TABLE}
    outputs = [
        helper.make_tensor_value_info(
            name, TENSOR_TYPES[known[name].type], [sizes.get(size, size) for size in known[name].dimensions]
        )
        for name in found
    ]
    graph.prune(found)
    return small_model(graph, title, [*inputs, *more], outputs)


def small_model(
    graph: Graph, title: str, inputs: Sequence[onnx.ValueInfoProto], outputs: Sequence[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    """A checked model of a graph."""
    made = helper.make_graph(graph.nodes, title, inputs, outputs, graph.initializers)
    domains = {node.domain for node in graph.nodes}
    opsets = [helper.make_opsetid(name, version) for name, version in OPSETS.items() if name in domains]
    model = helper.make_model(
        made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="customer-segmentation"
    )
    onnx.checker.check_model(model)
    return model
