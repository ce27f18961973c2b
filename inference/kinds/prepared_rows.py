"""One customer to the graph's inputs, for values that need no thought; the others go to ``validation``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from inference.contract import Contract
from inference.kinds.kind import Simple
from inference.kinds.registry import kind_of


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """The graph's inputs for one customer.

    Attributes:
        feeds: column name -> ``[1, 1]``, not to be written to.
        complete: every clustering column is known; nothing: no column is.
    """

    feeds: dict[str, NDArray[Any]]
    complete: bool
    nothing: bool


class RowPreparation:
    """The columns of a contract with their limits and spellings at hand."""

    def __init__(self, contract: Contract) -> None:
        self._columns: list[tuple[str, Simple, NDArray[Any] | None, bool]] = []
        for column in contract.columns:
            kind = kind_of(column)
            missing = kind.unknown(1) if column.missing_allowed else None
            if missing is not None:
                missing.setflags(write=False)
            simple = kind.simple(column, missing)
            self._columns.append((column.name, simple, missing, column.clusters))

    def prepare(self, values: Mapping[str, Any]) -> PreparedRow | None:
        """The inputs, or ``None`` where the full validation must decide."""
        feeds: dict[str, NDArray[Any]] = {}
        complete, known, given = True, 0, 0
        for name, simple, missing, clusters in self._columns:
            value = values.get(name)
            if value is None:
                cell = missing
                given += name in values
            else:
                cell = simple(value)
                given += 1
            if cell is None:
                return None
            if cell is not missing:
                known += 1
            elif clusters:
                complete = False
            feeds[name] = cell
        if given != len(values):
            return None  # a column that is not the model's
        return PreparedRow(feeds, complete, not known)
