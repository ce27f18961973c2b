"""A list of ONNX nodes under construction, with names handed out and constants shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inference.contract.outputs import BOOL, DOUBLE, FLOAT, INT64, STRING

ML_DOMAIN = "ai.onnx.ml"
OPSETS = {"": 13, ML_DOMAIN: 2}  # with ir 7 the file loads in onnxruntime 1.15 and everything newer
IR_VERSION = 7
TENSOR_TYPES = {
    STRING: TensorProto.STRING,
    INT64: TensorProto.INT64,
    FLOAT: TensorProto.FLOAT,
    DOUBLE: TensorProto.DOUBLE,
    BOOL: TensorProto.BOOL,
}
"""What the table of outputs calls them -> ONNX element types."""


class Graph:
    """Collects nodes and initializers.

    A branch of an ``If`` is a graph of its own, made by ``branch()``: its nodes are separate, its
    constants and its names come from the graph around it. Names that are ``taken`` (by the graph's inputs)
    are not handed out.
    """

    def __init__(self, parent: Graph | None = None, *, taken: Iterable[str] = ()) -> None:
        self.taken: frozenset[str] = parent.taken if parent else frozenset(taken)
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = parent.initializers if parent else []
        self._known: dict[tuple[Any, ...], str] = parent._known if parent else {}
        self._count: list[int] = parent._count if parent else [0]
        self._made: dict[tuple[Any, ...], str] = dict(parent._made) if parent else {}
        self._turned: dict[str, str] = dict(parent._turned) if parent else {}

    def branch(self) -> Graph:
        """A graph for the branch of an ``If``; it sees every tensor made here."""
        return Graph(self)

    def name(self, stem: str) -> str:
        """A tensor name not used before."""
        self._count[0] += 1
        made = f"{stem}_{self._count[0]}"
        return self.name(stem) if made in self.taken else made

    def constant(self, value: NDArray[Any] | np.generic) -> str:
        """An initializer holding ``value``; equal values share one."""
        array = np.asarray(value)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._known:
            self._known[key] = self.name("const")
            self.initializers.append(numpy_helper.from_array(array, self._known[key]))
        return self._known[key]

    def node(
        self, kind: str, *inputs: str, domain: str = "", output: str | None = None, **attributes: Any
    ) -> str:
        """Append a node with one output and return that output's name.

        An equal node that is in this graph or around it already is used again.
        """
        key = (kind, inputs, domain, repr(sorted(attributes.items(), key=lambda item: item[0])))
        if output is None and key in self._made:
            return self._made[key]
        result = output or self.name(kind.lower())
        made = helper.make_node(
            kind, list(inputs), [result], domain=domain, name=f"{kind}_{result}", **attributes
        )
        self.nodes.append(made)
        self._made[key] = result
        return result

    def turned(self, tensor: str) -> str:
        """The transpose of a matrix; of one that was turned itself, what it was made from."""
        if tensor in self._turned:
            return self._turned[tensor]
        result = self.node("Transpose", tensor, perm=[1, 0])
        self._turned[result] = tensor
        return result

    def prune(self, wanted: Iterable[str]) -> None:
        """Drop the nodes that none of the wanted tensors needs."""
        needed, kept = set(wanted), []
        for node in reversed(self.nodes):
            if needed & set(node.output):
                kept.append(node)
                needed |= set(node.input)
                for attribute in node.attribute:
                    needed |= {name for inner in attribute.g.node for name in inner.input}
                    needed |= {output.name for output in attribute.g.output}
        self.nodes[:] = kept[::-1]

    def split(self, tensor: str, parts: int, *, axis: int) -> list[str]:
        """Append a Split into parts of equal size and return their names."""
        results = [self.name("split") for _ in range(parts)]
        made = helper.make_node("Split", [tensor], results, name=f"Split_{results[0]}", axis=axis)
        self.nodes.append(made)
        return results

    def split_sizes(self, tensor: str, sizes: Sequence[int], *, axis: int) -> list[str]:
        """Append a Split into parts of the given sizes and return their names."""
        results = [self.name("split") for _ in sizes]
        counts = self.constant(np.array(sizes))
        made = helper.make_node("Split", [tensor, counts], results, name=f"Split_{results[0]}", axis=axis)
        self.nodes.append(made)
        return results

    def cast(self, tensor: str, to: int) -> str:
        """Append a Cast to an ONNX element type."""
        return self.node("Cast", tensor, to=to)

    def rename(self, names: dict[str, str]) -> None:
        """Give tensors other names, those of a graph's outputs."""
        for node in self.nodes:
            node.input[:] = [names.get(each, each) for each in node.input]
            node.output[:] = [names.get(each, each) for each in node.output]

    def splice(
        self, model: onnx.ModelProto, inputs: dict[str, str], *, stop_before: onnx.NodeProto | None = None
    ) -> dict[str, str]:
        """Copy the nodes of another model under new names, fed with tensors from here.

        Args:
            inputs: the other model's input -> tensor here.
            stop_before: a node of the other model that is left out.

        Returns:
            The other model's tensor -> its name here.
        """
        names = dict(inputs)
        for initializer in model.graph.initializer:
            names[initializer.name] = self.constant(numpy_helper.to_array(initializer))
        for node in model.graph.node:
            if stop_before is not None and node.name == stop_before.name:
                continue
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            for old in node.output:
                names[old] = self.name(node.op_type.lower())
            copy.name = f"{node.op_type}_{names[node.output[0]]}"
            copy.input[:] = [names[old] for old in node.input]
            copy.output[:] = [names[old] for old in node.output]
            self.nodes.append(copy)
        return names
