"""Says of every line of a file of transactions what it is; each line is exactly one thing.

The first that fits holds, in the order of ``KINDS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.files.columns.file_hints import file_hints
from inference.files.columns.refusal import FileHints
from inference.wording import counted, quoted
from trainer.rfm.customer_keys import (
    CustomerKeys,
    customer_keys,
    positions_of,
    told_unusual,
    unusual_customers,
)
from trainer.rfm.line_currencies import OneCurrency, column_currencies, one_currency
from trainer.rfm.line_status import ignored_lines
from trainer.rfm.line_values import LineValues, line_values, refunded_lines
from trainer.rfm.order_levels import OrderLevels, order_levels
from trainer.rfm.repeated_totals import repeated_total
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_cells import (
    encoded,
    first_appearances,
    keys,
    texts,
    with_missing,
    without_decimals,
)
from trainer.rfm.transaction_columns import Columns
from trainer.rfm.transaction_dates import read_days
from trainer.rfm.transaction_headers import CURRENCY, CUSTOMER, DATE, ORDER
from trainer.rfm.transaction_table import Transactions

KINDS = (
    "dropped duplicates",
    "without a customer",
    "of excluded customers",
    "further lines of an order",
    "unreadable",
    "after the snapshot",
    "cancelled",
    "in another currency",
    "zero",
    "returns",
    "purchases",
)
_HINT_ROWS = 20_000  # lines that the decimal mark and the order of dates of the file are looked for in


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Lines left out for one reason: how many, and the first of them (the header is line 1)."""

    reason: str
    lines: int
    location: str
    cell: str

    def sentence(self) -> str:
        """The reason, how often, and where first; quotes the cell, unless it is empty."""
        return f"{self.reason}: {self.lines:,}, first in {self.location}" + (
            f" ({quoted(self.cell)})" if self.cell else ""
        )


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Every line, parsed; arrays are ``[N]`` in the order of the file.

    Attributes:
        customer: position in ``customers``, -1 without one.
        customers: the identifiers, first seen first.
        day: datetime64[D]; ``value``: signed, negative for returns; both only count where readable.
        occasion: a number for each order, or for each day where no order is named.
        kind: position in ``KINDS``.
        duplicates: lines equal to an earlier one in every cell, dropped or not.
        unread: why lines are unreadable.
        currency: of ``value`` and ``refund``; empty where the file does not name it.
        notes: what was assumed, in words; warned: what a person should look at.
        refund: of purchases, to be subtracted from ``value``; zero elsewhere.
        again: different lines that an earlier file has, too.
        repeated_total: header of the amount, where it is the order's and repeated on each of its lines.
    """

    customer: NDArray[np.int32]
    customers: pa.Array
    day: NDArray[np.datetime64]
    value: NDArray[np.float64]
    occasion: NDArray[np.int64]
    kind: NDArray[np.int8]
    snapshot: date
    duplicates: int
    unread: tuple[Unread, ...]
    currency: str
    notes: tuple[str, ...]
    warned: tuple[str, ...]
    refund: NDArray[np.float64]
    again: int
    repeated_total: str

    def are(self, kind: str) -> NDArray[np.bool_]:
        """Which lines are of a kind, ``[N]``."""
        return np.asarray(self.kind == KINDS.index(kind))


def settle_lines(given: Transactions, columns: Columns, settings: RfmSettings) -> Lines:
    """Parse every line of transactions.

    Args:
        given: a line per row.
        columns: which column plays which role.
        settings: how they are read.

    Raises:
        InputError: when dates, decimal marks or currencies stay open, or a column holds the wrong type.
    """
    table = given.cells
    hints = _hints(table, columns, given.separator)
    days = read_days(table[columns[DATE]], columns[DATE], settings.date_format, hints)
    levels = order_levels(table, columns)
    valued = line_values(table, columns, settings, hints)
    bad = {columns[DATE]: np.isnat(days.values), **valued.bad}
    snapshot, snapshot_note = _snapshot(days.values, settings.snapshot)
    who = customer_keys(table[columns[CUSTOMER]], columns[CUSTOMER])
    fresh = first_appearances(table)
    ignored, ignored_notes = ignored_lines(table, columns, settings, valued.negative, levels)
    total = repeated_total(columns, settings, levels, valued.values)
    by_order = total.lines | levels.amount_once
    whole, refund_notes = refunded_lines(columns, valued, levels, ignored, by_order=by_order)
    without = [
        ~fresh & settings.drop_duplicates,
        who.codes < 0,
        np.isin(who.codes, positions_of(who, settings.without, columns[CUSTOMER])),
    ]
    after = [
        np.logical_or.reduce(list(bad.values())),
        days.values > np.datetime64(snapshot, "D"),
        ignored | whole,
    ]
    left = ~np.logical_or.reduce([*without, *after])
    before = [*without, levels.repeated(valued.values) | total.further(left), *after]
    counting = ~np.logical_or.reduce(before)
    money = _currency(table, columns, settings, valued, levels, counting)
    tests = [*before, money.foreign, valued.values == 0, valued.negative]
    kind = np.select(tests, list(range(len(tests))), default=len(tests)).astype(np.int8)
    bought = kind == KINDS.index("purchases")
    occasion, occasion_notes = _occasions(table, columns, days.values, bought)
    notes = [
        *given.notes,
        days.note,
        *valued.notes,
        *levels.notes,
        *total.notes,
        snapshot_note,
        *ignored_notes,
        *refund_notes,
    ]
    return Lines(
        customer=who.codes,
        customers=who.customers,
        day=days.values,
        value=valued.values * money.factor,
        refund=np.where(bought, valued.refund, 0.0) * money.factor,
        occasion=occasion,
        kind=kind,
        snapshot=snapshot,
        duplicates=int((~fresh).sum()),
        again=given.again(fresh),
        repeated_total=total.header,
        unread=_unread(given, bad, kind == KINDS.index("unreadable")),
        currency=money.name,
        notes=(*notes, *money.notes, *who.notes, *occasion_notes),
        warned=tuple(_warned(who, counting & ~money.foreign, columns[CUSTOMER])),
    )


def _hints(table: pa.Table, columns: Columns, separator: str) -> FileHints:
    """What the columns with a role show together, from lines spread over the table."""
    step = max(1, table.num_rows // _HINT_ROWS)
    some = table.take(pa.array(np.arange(0, table.num_rows, step))) if step > 1 else table
    return file_hints({name: some[name] for name in columns.headers.values()}, separator=separator)


def _currency(
    table: pa.Table,
    columns: Columns,
    settings: RfmSettings,
    valued: LineValues,
    levels: OrderLevels,
    counting: NDArray[np.bool_],
) -> OneCurrency:
    if CURRENCY in columns:
        header = columns[CURRENCY]
        own, found = column_currencies(levels.filled(table[header], header))
    else:
        own, found = valued.money.currency, valued.money.currencies
    return one_currency(own, found, counting, settings)


def _warned(who: CustomerKeys, counting: NDArray[np.bool_], header: str) -> list[str]:
    return told_unusual(who, unusual_customers(who, counting), counting, header)


def _snapshot(days: NDArray[np.datetime64], given: date | None) -> tuple[date, str]:
    last: date = days[~np.isnat(days)].max().item()
    if given is None:
        return last, f"the snapshot is the last day of the data, {last}"
    return given, f"the snapshot is {given}; the last day of the data is {last}"


def _occasions(
    table: pa.Table, columns: Columns, days: NDArray[np.datetime64], bought: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], list[str]]:
    """What a purchase counts as: its order; where none is named, its day (as a negative number)."""
    by_day = np.where(np.isnat(days), 0, days.astype(np.int64)) - 10**9
    if ORDER not in columns:
        return by_day, []
    order, _ = keys(table[columns[ORDER]], without_decimals)
    nameless = int((bought & (order < 0)).sum())
    purchases = counted(nameless, "purchase has no order and counts", "purchases have no order and count")
    notes = [f"{purchases} as one per day"] if nameless else []
    return np.where(order < 0, by_day, order), notes


def _unread(
    given: Transactions, bad: dict[str, NDArray[np.bool_]], unreadable: NDArray[np.bool_]
) -> tuple[Unread, ...]:
    """Each reason, the first that fits a line, with the location of its first line."""
    found = []
    left = unreadable.copy()
    for header, cells in bad.items():
        rows = np.flatnonzero(left & cells)
        left &= ~cells
        column = given.cells[header]
        codes, distinct = encoded(column.take(pa.array(rows)))
        empty = with_missing(texts(distinct).is_null().to_numpy(zero_copy_only=False), True)[codes]
        for reason, which in (("is empty", rows[empty]), ("cannot be read", rows[~empty])):
            if len(which):
                first = int(which[0])
                cell = "" if reason == "is empty" else str(column[first].as_py())
                problem = f"{quoted(header)} {reason}"
                found.append(
                    Unread(reason=problem, lines=len(which), location=given.location(first), cell=cell)
                )
    return tuple(found)
