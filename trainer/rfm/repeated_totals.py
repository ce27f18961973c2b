"""Exports of one line per article that repeat the total of the order on each of its lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.errors import InputError
from inference.wording import counted, quoted
from trainer.rfm.order_levels import OrderLevels
from trainer.rfm.rfm_settings import OF_LINE, OF_ORDER, RfmSettings
from trainer.rfm.transaction_columns import Columns
from trainer.rfm.transaction_headers import AMOUNT, ORDER, means_order_total
from trainer.schema.table_remedies import NameColumns

NEARLY_ALL = 0.98  # of the orders of several lines that must have one amount on all of them
ENOUGH_ORDERS = 3  # of several lines; the lines of fewer may cost the same by chance


@dataclass(frozen=True, kw_only=True)
class RepeatedTotal:
    """Orders whose total is repeated on each of their lines.

    Attributes:
        lines: ``[N]`` which lines are of such an order; source: ``[N]`` the first line of a line's order.
        orders: how many orders there are.
        header: of the amount; empty where it is no total of an order.
    """

    lines: NDArray[np.bool_]
    source: NDArray[np.int64]
    orders: int = 0
    header: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was seen, in words."""
        if not self.header:
            return ()
        orders = counted(self.orders, "order")
        return (f"{quoted(self.header)} is repeated on each line of {orders}, so it counts once per order",)

    def further(self, counting: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which lines ``[N]`` leave the total to another line of their order: the first one that counts."""
        keeper = np.arange(len(self.source))
        first, indices = np.unique(self.source[counting], return_index=True)
        keeper[first] = np.flatnonzero(counting)[indices]
        return np.asarray(self.lines & (keeper[self.source] != np.arange(len(self.source))))


def repeated_total(
    columns: Columns, settings: RfmSettings, levels: OrderLevels, values: NDArray[np.float64]
) -> RepeatedTotal:
    """Find the orders whose total is repeated on each of their lines.

    The amount is such a total where its header says so and nearly all orders of several lines have one
    amount on all of them, which differs between orders. Orders with several amounts stay as they are.

    Args:
        values: ``[N]`` amounts of lines; NaN where there is none.

    Raises:
        InputError: when the settings say that the amount is the order's, and there is no order or amount.
    """
    nothing = RepeatedTotal(lines=np.zeros(len(values), dtype=bool), source=levels.source)
    if settings.amount_of == OF_ORDER and not (ORDER in columns and AMOUNT in columns):
        raise InputError(
            "the amount must have a column, and the order one, to be the total of an order, but "
            f"{'there is no order' if AMOUNT in columns else 'there is no amount'}",
            remedies=[NameColumns(roles=(ORDER if AMOUNT in columns else AMOUNT,))],
        )
    if settings.amount_of == OF_LINE or AMOUNT not in columns or levels.amount_once:
        return nothing
    if settings.amount_of != OF_ORDER and not means_order_total(columns[AMOUNT]):
        return nothing
    several = np.bincount(levels.source, minlength=len(values))[levels.source] > 1
    own = levels.source[several]
    equal = np.ones(len(values), dtype=bool)
    np.logical_and.at(equal, own, values[several] == values[own])
    orders = np.unique(own)
    if settings.amount_of != OF_ORDER:
        different = len(np.unique(values[orders][np.isfinite(values[orders])]))
        if len(orders) < ENOUGH_ORDERS or equal[orders].mean() < NEARLY_ALL or different < 2:
            return nothing
    return RepeatedTotal(
        lines=several & equal[levels.source],
        source=levels.source,
        orders=int(equal[orders].sum()),
        header=columns[AMOUNT],
    )
