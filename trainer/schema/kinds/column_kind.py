"""What every kind of column can do for training: become features, graph nodes, counts and words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from inference.contract import DATE, Column, Shares, Spread
from inference.kinds.kind import Kind
from inference.kinds.registry import kind_called
from trainer.schema.kinds.declared import Declared
from trainer.schema.onnx_graph import Graph

Cells = NDArray[Any]


class ColumnKind(ABC):
    """One kind of column; it holds no state, a column's declaration comes with each call.

    Cells ``[N]`` are the graph's values: double with NaN for missing, or text with ``""``.

    Attributes:
        name: what the contract calls it, and under which ``inference`` knows it.
        tensor: ONNX element type of the graph's input.
        is_number: its values are amounts, which formulas may compute with.
        is_date: its values are days, which ``days_since(...)`` takes.
        settings: names of the settings of ``ColumnSettings`` that only such columns have.
        graph_note: what someone who feeds the graph has to know besides the tensor's type.
    """

    name: ClassVar[str]
    tensor: ClassVar[int]
    is_number: ClassVar[bool] = False
    is_date: ClassVar[bool] = False
    settings: ClassVar[tuple[str, ...]] = ()
    graph_note: ClassVar[str] = ""

    @property
    def served(self) -> Kind:
        """The same kind as ``inference`` serves it."""
        return kind_called(self.name)

    @property
    def ordered(self) -> bool:
        """Whether the values are doubles on a line; otherwise they are categories."""
        return self.served.ordered

    def problems(self, spec: Declared, of: str) -> Iterator[str]:
        """What is wrong with a declaration; ``of`` names the column in the sentence."""
        if spec.date_format:
            yield f"the kind {of} must be {DATE!r}, or it can have no date_format, but it is {spec.kind!r}"

    # Features: ``matrix`` and ``emit`` take the same steps, so that both give the same bits

    @abstractmethod
    def features(self, spec: Declared) -> tuple[str, ...]:
        """Names of the features the column becomes."""

    def indicators(self, spec: Declared) -> dict[str, str]:
        """Feature -> category, for those features that are 1 in one category and 0 in another."""
        del spec
        return {}

    @abstractmethod
    def matrix(self, spec: Declared, cells: Cells, wanted: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The wanted features ``[N]`` by name, NaN where the column is missing."""

    @abstractmethod
    def emit(self, spec: Declared, graph: Graph, wanted: Sequence[str]) -> dict[str, str]:
        """Append nodes computing the same features ``[N, 1]`` in double; their tensors by name."""

    @abstractmethod
    def as_numbers(self, spec: Declared, cells: Cells) -> NDArray[np.float64]:
        """Each cell ``[N]`` as ``inference.kinds.kind.Kind.number`` gives it; 0 where it is missing."""

    @abstractmethod
    def emit_number(self, spec: Declared, graph: Graph, cell: str) -> dict[str, str]:
        """The same features of one cell, double ``[1, 1]``, that is given as such a number."""

    def missing(self, spec: Declared, cells: Cells) -> NDArray[np.bool_]:
        """Which cells ``[N]`` count as missing."""
        del spec
        return self.served.missing_in(cells)

    @abstractmethod
    def emit_missing(self, spec: Declared, graph: Graph) -> str:
        """Append nodes for the same as double ``[N, 1]``, 1 where missing."""

    # What the contract keeps of a column

    @abstractmethod
    def statistics(self, cells: Cells) -> dict[str, Any]:
        """Whether all values are whole, and their quantiles."""

    @abstractmethod
    def profile(self, spec: Declared, cells: Cells) -> Spread | Shares | None:
        """What is typical of customers; ``None`` where too few are known."""

    @abstractmethod
    def histogram(self, spec: Declared, cells: Cells) -> dict[str, Any]:
        """Counts for watching drift, without the missing cells."""

    @abstractmethod
    def bins(self, spec: Declared, cells: Cells, histogram: Mapping[str, Any]) -> NDArray[np.int64]:
        """The bin of each cell ``[N]`` in a histogram of other cells; -1 where it is in none."""

    @abstractmethod
    def with_counts(self, histogram: Mapping[str, Any], counts: Sequence[int]) -> dict[str, Any]:
        """A histogram with other counts, one per bin."""

    # Rows to test a model with

    @abstractmethod
    def random(self, spec: Declared, cells: Cells, rows: int, rng: np.random.Generator) -> Cells:
        """Values spread over and beyond those of the table."""

    @abstractmethod
    def gaps(self, spec: Declared, rows: int, rng: np.random.Generator) -> Any:
        """What a hidden cell can hold, one value or ``rows`` of them."""

    @abstractmethod
    def levels(self, spec: Declared, cells: Cells, probabilities: Sequence[float], shift: int) -> Cells:
        """Made-up values at quantiles of the table, the quantiles rotated by ``shift``."""

    # Words

    @abstractmethod
    def feature_label(self, spec: Declared, name: str, *, unit: bool) -> str:
        """The label of one of the column's features."""

    def value_text(self, value: float, write: Callable[[float], str]) -> str:
        """One value of a feature for a person; ``write`` writes a plain number."""
        return write(value)

    def position_word(self, word: str) -> str:
        """A word such as ``Low`` or ``highest`` as it fits this kind."""
        return word

    @abstractmethod
    def example(self, column: Column) -> str:
        """A typical value as Python source, from the contract's column."""

    @abstractmethod
    def contrasts(self, spec: Declared, cells: Cells) -> list[tuple[str, Any]]:
        """Values that stand for different groups of customers, with their words; none where all are alike."""

    @abstractmethod
    def groups(self, spec: Declared, cells: Cells) -> list[tuple[str, NDArray[np.bool_]]]:
        """Groups of customers to compare: words and members ``[N]``."""
