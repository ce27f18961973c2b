"""What inference needs of every kind of column: parse a cell, fill in a missing one, and write a value.

The trainer and the service have an object for each kind, too: see ``trainer.schema.kinds`` and
``service.kinds``.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from inference.contract import Column

Simple = Callable[[Any], float | None]
Parsed = tuple[Any, str | None]  # the graph's value, and why the cell was refused


class Kind(ABC):
    """One kind of column; it holds no state, a column's own settings come with each call.

    Attributes:
        name: what the contract calls it.
        ordered: the graph takes doubles that lie on a line; otherwise it takes text, one of the column's
            categories.
        numeric_text: a file's text is a number, written with the decimal mark of its column.
        blank_is_missing: text without a letter or digit means that nothing is known.
        missing: what the graph takes for a missing cell; ``dtype`` is the type of its input.
    """

    name: ClassVar[str]
    ordered: ClassVar[bool]
    numeric_text: ClassVar[bool] = False
    blank_is_missing: ClassVar[bool] = True
    missing: ClassVar[Any]
    dtype: ClassVar[type]

    @abstractmethod
    def parse(self, column: Column, value: Any) -> Parsed:
        """The graph's value of one cell that is not missing, and the refusal or ``None``.

        A refused cell comes out as missing; the refusal is the end of a sentence that begins with the
        column's name.
        """

    def accepted(self, column: Column, value: Any) -> Any | None:
        """The same without words, which may be much faster: ``None`` for a cell that is refused."""
        parsed, refusal = self.parse(column, value)
        return parsed if refusal is None else None

    @abstractmethod
    def as_json(self, column: Column, cell: Any) -> float | str:
        """A cell of the graph that is not missing, as ``predict`` takes it and JSON holds it."""

    def fast(self, column: Column, values: NDArray[Any]) -> tuple[NDArray[np.float64], float, float] | None:
        """An array whose cells need no parsing as doubles ``[N]`` and what they must lie between.

        The doubles may be the array itself, and are not written to.

        ``None`` where each cell of the array has to be parsed.
        """
        del column, values
        return None

    def number(self, column: Column, cell: Any) -> float | None:
        """A known cell as the graphs for one customer take it; ``None``: it counts as missing.

        Of an ordered kind it is the cell itself, otherwise its position among the choices.
        """
        return float(cell) if self.ordered else float(self.choices(column).index(cell))

    def simple(self, column: Column) -> Simple:
        """A function from a value that is not ``None`` to the same number.

        It returns ``None`` for whatever ``parse`` must decide.
        """
        del column
        return lambda _: None

    def bounds(self, column: Column) -> tuple[float, float]:
        """What a value of an ordered kind must lie between, both included."""
        return column.limits or (-math.inf, math.inf)

    def choices(self, column: Column) -> list[str]:
        """The values a cell can have where the kind is not ordered."""
        return [category.value for category in column.categories]

    def missing_in(self, cells: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of the graph's values ``[N]`` are missing."""
        return np.asarray(cells == self.missing if self.dtype is object else np.isnan(cells), dtype=bool)

    def unknown(self, rows: int) -> NDArray[Any]:
        """The graph's input ``[N, 1]`` for rows in which the column is missing."""
        return np.full((rows, 1), self.missing, dtype=self.dtype)

    def feed(self, cells: Sequence[Any]) -> NDArray[Any]:
        """The graph's input ``[N, 1]`` for its values as JSON holds them; ``None`` is missing."""
        values = [self.missing if cell is None else cell for cell in cells]
        return np.array(values, dtype=self.dtype).reshape(-1, 1)
