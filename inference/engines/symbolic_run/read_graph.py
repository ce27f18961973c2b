"""Runs the graph of a model file on terms instead of numbers, and so gets the program of its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from inference import Segmenter
from inference.contract import COMPLETE, NOVELTY, PROBABILITIES, SEGMENT_ID
from inference.engines.symbolic_run.operators import OPERATORS
from inference.engines.symbolic_run.program import Program
from inference.engines.symbolic_run.steps import without_rows
from inference.engines.symbolic_run.tensors import Tensor, as_terms
from inference.engines.symbolic_run.terms import Terms
from inference.errors import ArtifactError

ANSWER = (SEGMENT_ID, PROBABILITIES, COMPLETE, NOVELTY)


def answer_program(model: Segmenter) -> Program:
    """The program of an answer, without look-ups in long tables.

    Raises:
        ArtifactError: when the graph cannot be written in another language.
    """
    return without_rows(read_program(model, ANSWER))


def read_program(model: Segmenter, wanted: Sequence[str]) -> Program:
    """The program of the wanted outputs.

    Raises:
        ArtifactError: when the graph has an operator, or a use of one, that is not known here.
    """
    terms = Terms()
    inputs = {name: _input(terms, name) for name in model.contract.names}
    scope = _Scope(onnx.load_from_string(model.content).graph, terms, inputs)
    found = {name: as_terms(terms, scope.tensor(name)).ravel() for name in wanted}
    return Program(outputs={name: tuple(each) for name, each in found.items()})


def _input(terms: Terms, name: str) -> Tensor:
    cell = np.empty((1, 1), dtype=object)
    cell[0, 0] = terms.make("input", value=name)
    return cell


class _Scope:
    """The tensors of a graph or of a branch in it, each computed when it is first asked for."""

    def __init__(
        self, graph: Any, terms: Terms, inputs: Mapping[str, Tensor], around: _Scope | None = None
    ) -> None:
        self._terms, self._around = terms, around
        self._known: dict[str, Tensor] = dict(inputs)
        self._known |= {each.name: numpy_helper.to_array(each) for each in graph.initializer}
        self._makers = {name: node for node in graph.node for name in node.output}

    def tensor(self, name: str) -> Tensor:
        """A tensor by its name, from here or from around."""
        if name not in self._known:
            node = self._makers.get(name)
            if node is None:
                if self._around is None:
                    raise ArtifactError(f"the graph must compute {name!r}, but no node does; train again")
                return self._around.tensor(name)
            self._known |= dict(zip(node.output, self._run(node), strict=True))
        return self._known[name]

    def _run(self, node: Any) -> list[Tensor]:
        attributes = {each.name: _attribute(each) for each in node.attribute}
        given = [self.tensor(name) for name in node.input]
        if node.op_type == "If":
            return self._branches(given[0], attributes)
        if node.op_type == "Split":
            return list(np.split(given[0], len(node.output), axis=attributes["axis"]))
        if node.op_type not in OPERATORS:
            raise ArtifactError(
                f"the graph must consist of operators that can be written in other languages, but it has "
                f"{node.op_type!r}; add it to inference/engines/symbolic_run/operators.py"
            )
        try:
            found = OPERATORS[node.op_type](self._terms, given, attributes)
        except (OverflowError, ValueError) as error:
            raise ArtifactError(
                f"each {node.op_type} of the graph must be one that can be written in other languages, but "
                f"{node.name!r} is not: {error}"
            ) from error
        # The label of a classifier comes first, which nothing here asks for.
        return [np.empty(0, dtype=object)] * (len(node.output) - 1) + [found]

    def _branches(self, condition: Tensor, attributes: Mapping[str, Any]) -> list[Tensor]:
        so, otherwise = (
            [scope.tensor(each.name) for each in branch.output]
            for branch in (attributes["then_branch"], attributes["else_branch"])
            for scope in [_Scope(branch, self._terms, {}, self)]
        )
        decides = as_terms(self._terms, condition).reshape(())
        pairs = zip(so, otherwise, strict=True)
        return [OPERATORS["Where"](self._terms, [decides, *pair], {}) for pair in pairs]


def _attribute(attribute: Any) -> Any:
    value = helper.get_attribute_value(attribute)
    return numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value
