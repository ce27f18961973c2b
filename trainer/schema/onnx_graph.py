"""A list of ONNX nodes under construction, with names handed out and constants shared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

ML_DOMAIN = "ai.onnx.ml"


class Graph:
    """Collects nodes and initializers.

    A branch of an ``If`` is a graph of its own, made by ``branch()``: its nodes stay apart, its
    constants and its names come from the graph around it. Names that are ``taken`` (by the graph's inputs)
    are not handed out.
    """

    def __init__(self, parent: Graph | None = None, *, taken: Iterable[str] = ()) -> None:
        self.taken: frozenset[str] = parent.taken if parent else frozenset(taken)
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = parent.initializers if parent else []
        self._known: dict[tuple[Any, ...], str] = parent._known if parent else {}
        self._count: list[int] = parent._count if parent else [0]

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
        """Append a node with one output and return that output's name."""
        result = output or self.name(kind.lower())
        made = helper.make_node(
            kind, list(inputs), [result], domain=domain, name=f"{kind}_{result}", **attributes
        )
        self.nodes.append(made)
        return result

    def cast(self, tensor: str, to: int) -> str:
        """Append a Cast to an ONNX element type."""
        return self.node("Cast", tensor, to=to)
