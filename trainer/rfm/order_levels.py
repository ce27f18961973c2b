"""Exports of one line per article that give what belongs to the whole order on its first line only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.wording import quoted_names
from trainer.rfm.transaction_cells import by_distinct, keys, texts
from trainer.rfm.transaction_columns import Columns
from trainer.rfm.transaction_headers import AMOUNT, CURRENCY, ORDER, REFUND, STATUS

_NEARLY_ALL = 0.9  # of the orders' first lines that must have a value


@dataclass(frozen=True, kw_only=True)
class OrderLevels:
    """The lines of orders.

    Attributes:
        source: ``[N]`` the line from which a line takes what belongs to its order: the first, or itself.
        headers: of the columns that are filled on the first line of an order only.
        amount_once: whether the amount is one of them.
    """

    source: NDArray[np.int64]
    headers: tuple[str, ...] = ()
    amount_once: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What was seen, in words."""
        if not self.headers:
            return ()
        named = quoted_names(self.headers)
        return (f"filled on the first line of each order only, and taken from there: {named}",)

    def filled(self, column: pa.ChunkedArray, header: str) -> pa.ChunkedArray:
        """The column with each order's value on all of its lines, where only the first has it."""
        return column.take(pa.array(self.source)) if header in self.headers else column

    def further(self) -> NDArray[np.bool_]:
        """Which lines ``[N]`` are not the first of their order."""
        return np.asarray(self.source != np.arange(len(self.source)))

    def repeated(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which lines ``[N]`` have no value of their own because their order's is on its first line."""
        return self.further() & np.isnan(values) & self.amount_once


def order_levels(table: pa.Table, columns: Columns) -> OrderLevels:
    """Which columns of a table belong to whole orders: empty on every line of an order but its first."""
    itself = np.arange(table.num_rows)
    if ORDER not in columns:
        return OrderLevels(source=itself)
    order, _ = keys(table[columns[ORDER]])
    _, first, which = np.unique(order, return_index=True, return_inverse=True)
    source = np.where(order >= 0, first[which], itself)
    later = source != itself
    if not later.any():
        return OrderLevels(source=itself)
    starts = np.unique(source[later])
    found = [
        columns[role]
        for role in (AMOUNT, STATUS, CURRENCY, REFUND)
        if role in columns and _once(table[columns[role]], later, starts)
    ]
    once = AMOUNT in columns and columns[AMOUNT] in found
    return OrderLevels(source=source, headers=tuple(found), amount_once=once)


def _once(column: pa.ChunkedArray, later: NDArray[np.bool_], starts: NDArray[np.int64]) -> bool:
    filled = by_distinct(
        column, lambda cells: texts(cells).is_valid().to_numpy(zero_copy_only=False), missing=False
    )
    return bool(not filled[later].any() and filled[starts].mean() >= _NEARLY_ALL)
