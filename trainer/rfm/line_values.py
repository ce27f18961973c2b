"""The value of each line: its amount or quantity x price, with a sign, and what was refunded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.files.columns.refusal import FileHints
from inference.wording import counted, quoted
from trainer.rfm.order_levels import OrderLevels
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_amounts import Amounts, read_amounts
from trainer.rfm.transaction_cells import keys
from trainer.rfm.transaction_columns import Columns
from trainer.rfm.transaction_headers import AMOUNT, PRICE, QUANTITY, REFUND


@dataclass(frozen=True, kw_only=True)
class LineValues:
    """Values of lines: ``[N]`` with a sign, which are returns, refunds, and unreadable cells."""

    values: NDArray[np.float64]
    negative: NDArray[np.bool_]
    refund: NDArray[np.float64]
    bad: dict[str, NDArray[np.bool_]]
    money: Amounts
    notes: tuple[str, ...]


def line_values(table: pa.Table, columns: Columns, settings: RfmSettings, hints: FileHints) -> LineValues:
    """Read amounts, quantities, prices and refunds.

    Raises:
        InputError: when a decimal mark is not clear or a column holds no numbers.
    """
    used = [role for role in (AMOUNT, QUANTITY, PRICE, REFUND) if role in columns]
    read = {
        role: read_amounts(
            table[columns[role]], columns[role], hints, settings.decimals.get(columns[role], "")
        )
        for role in used
    }
    cells = {role: each.values for role, each in read.items()}
    with np.errstate(over="ignore", invalid="ignore"):
        values = cells[AMOUNT] if AMOUNT in columns else cells[QUANTITY] * cells[PRICE]
    negative = np.logical_or.reduce([cells[role] < 0 for role in used if role != REFUND])
    needed = [AMOUNT] if AMOUNT in columns else [QUANTITY, PRICE]
    bad = {columns[role]: np.isnan(cells[role]) for role in needed}
    read_all = ~np.logical_or.reduce(list(bad.values()))
    bad[columns[needed[-1]]] |= read_all & ~np.isfinite(values)  # a product beyond every number
    refund = np.abs(np.nan_to_num(cells[REFUND])) if REFUND in columns else np.zeros(table.num_rows)
    if REFUND in columns:
        written = _filled(table[columns[REFUND]])
        bad[columns[REFUND]] = np.isnan(cells[REFUND]) & written
    return LineValues(
        values=np.where(negative, -np.abs(values), values),
        negative=negative,
        refund=refund,
        bad=bad,
        money=read[AMOUNT if AMOUNT in columns else PRICE],
        notes=tuple(each.note for each in read.values() if each.note),
    )


def _filled(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    codes, _ = keys(column)
    return np.asarray(codes >= 0)


def refunded_lines(
    columns: Columns,
    valued: LineValues,
    levels: OrderLevels,
    ignored: NDArray[np.bool_],
    *,
    by_order: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], list[str]]:
    """Which lines ``[N]`` were refunded as a whole and are ignored; other refunds are subtracted.

    ``by_order``: lines ``[N]`` whose amount is that of their order.
    """
    none = np.zeros(len(valued.values), dtype=bool)
    if REFUND not in columns:
        return none, []
    lines_of_order = np.bincount(levels.source, minlength=len(none))[levels.source]
    alone = (lines_of_order == 1) | by_order
    given = ~ignored & ~valued.negative & (valued.refund > 0)
    whole = given & alone & (valued.refund >= valued.values)
    partly = counted(int((given & ~whole).sum()), "line")
    return whole, [
        f"{quoted(columns[REFUND])} is subtracted from the value of {partly}; "
        f"refunded as a whole and excluded: {counted(int(whole.sum()), 'line')}"
    ]
