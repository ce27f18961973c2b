"""The outputs of an exported graph: the table of ``inference.contract``, and those registered on top of it.

An output is added in one place: an ``ExtraOutput`` says what it is, which nodes give it, and what numpy
answers to the same rows. It is then in the graph, in the contract, in the self-test and in the test vectors,
and ``verify`` compares it. Readers that do not know it go on as before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from inference.contract import OUTPUT_TABLE, Output
from trainer.schema.columns import Columns

if TYPE_CHECKING:
    from trainer.fitted import Fitted
    from trainer.schema.onnx_graph import Graph


@dataclass(frozen=True, kw_only=True)
class ExtraOutput:
    """An output on top of the table.

    Attributes:
        emit: appends the nodes that give it to the graph; raw columns and the table's outputs are there
            under their names.
        answer: the reference: raw columns ``[N]`` and the table's outputs to them -> its cells ``[N, ...]``.
    """

    output: Output
    emit: Callable[[Graph, Fitted], object]
    answer: Callable[[Fitted, Columns, Columns], NDArray[Any]]


EXTRA_OUTPUTS: dict[str, ExtraOutput] = {}
"""Registered outputs by name; add one before training to have it in the file."""


def graph_outputs() -> tuple[Output, ...]:
    """Every output of a graph built now, those of the table first."""
    return (*OUTPUT_TABLE, *(extra.output for extra in EXTRA_OUTPUTS.values()))
