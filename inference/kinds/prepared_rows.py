"""One customer as numbers, for values that need no thought; the others go to ``validation``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.contract import Contract
from inference.kinds.kind import Simple
from inference.kinds.registry import kind_of


class RowPreparation:
    """The columns of a contract with their limits and spellings at hand."""

    def __init__(self, contract: Contract) -> None:
        self._columns: list[tuple[str, Simple, int]] = []
        self.clustering = self._required = 0
        for index, column in enumerate(contract.columns):
            bit = 1 << index
            self._columns.append((column.name, kind_of(column).simple(column), bit))
            self.clustering |= bit if column.clusters else 0
            self._required |= 0 if column.missing_allowed else bit

    def prepare(self, values: Mapping[str, Any]) -> tuple[list[float], int] | None:
        """The numbers in the contract's order, 0 where unknown, and as bits which columns are known.

        ``None`` where the full validation must decide.
        """
        numbers: list[float] = []
        known, left = 0, len(values)
        for name, simple, bit in self._columns:
            value = values.get(name)
            if value is None:
                numbers.append(0.0)
                left -= name in values
                continue
            number = simple(value)
            if number is None:
                return None
            numbers.append(number)
            known |= bit
            left -= 1
        if left or known & self._required != self._required:
            return None  # a column that is not the model's, or one that must be known
        return numbers, known
