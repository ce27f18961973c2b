"""A model's graph with single precision in place of double, for runtimes without double tensors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import AttributeProto, TensorProto, numpy_helper

from inference.errors import ArtifactError


def float_graph(content: bytes) -> onnx.ModelProto:
    """The model with every double tensor as float32, its inputs and outputs included, and no metadata.

    Raises:
        ArtifactError: when a constant is too large or too small for single precision.
    """
    model = onnx.load_from_string(content)
    for graph in _graphs(model.graph):
        for value in (*graph.input, *graph.output, *graph.value_info):
            _retype(value.type.tensor_type)
        for constant in graph.initializer:
            _round(constant)
        for node in graph.node:
            for attribute in node.attribute:
                _round_attribute(node.op_type, attribute)
    del model.metadata_props[:]
    onnx.checker.check_model(model)
    return model


def _graphs(graph: Any) -> Iterator[Any]:
    """A graph and all branches in it."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from _graphs(attribute.g)


def _retype(tensor: Any) -> None:
    if tensor.elem_type == TensorProto.DOUBLE:
        tensor.elem_type = TensorProto.FLOAT


def _round_attribute(operator: str, attribute: Any) -> None:
    if attribute.type == AttributeProto.TENSOR:
        _round(attribute.t)
    elif operator == "Cast" and attribute.name == "to" and attribute.i == TensorProto.DOUBLE:
        attribute.i = TensorProto.FLOAT


def _round(constant: Any) -> None:
    """Put the nearest numbers of single precision in the place of a constant's doubles."""
    if constant.data_type != TensorProto.DOUBLE:
        return
    exact = numpy_helper.to_array(constant)
    with np.errstate(over="ignore", under="ignore"):
        rounded = exact.astype(np.float32)
    lost = np.isfinite(exact) & (~np.isfinite(rounded) | ((rounded == 0) & (exact != 0)))
    if lost.any():
        raise ArtifactError(
            f"every number of the graph must fit single precision, but {exact[lost].flat[0]:g} in "
            f"{constant.name!r} does not; use the model as SQL, or train with a column in a larger unit"
        )
    constant.CopyFrom(numpy_helper.from_array(rounded, constant.name))
