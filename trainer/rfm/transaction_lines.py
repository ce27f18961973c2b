"""Says of every line of a file of transactions what it is; each line is exactly one thing.

The first that fits holds: left out as a duplicate (if asked), without a customer, unreadable, after the
snapshot, cancelled, zero, a return, a purchase.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.errors import InputError
from inference.wording import QUOTED, counted, listed, quoted, quoted_names, shortened
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_cells import (
    by_distinct,
    encoded,
    first_appearances,
    keys,
    numbers,
    texts,
    with_missing,
)
from trainer.rfm.transaction_columns import AMOUNT, CUSTOMER, DATE, ORDER, PRICE, QUANTITY, STATUS, Columns
from trainer.rfm.transaction_dates import read_days
from trainer.schema.table_remedies import LeaveOut

KINDS = (
    "dropped duplicates",
    "without a customer",
    "unreadable",
    "after the snapshot",
    "cancelled",
    "zero",
    "returns",
    "purchases",
)
CANCELLED = ("cancelled", "canceled", "cancel", "cancellation", "void", "voided")
RETURNED = ("returned", "return", "refunded", "refund")
C_ORDER, PLAIN_ORDER = r"^[Cc]\d+$", r"^\d+$"


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Lines left out for one reason: how many, and the first of them (the header is line 1)."""

    reason: str
    lines: int
    line: int
    cell: str

    def sentence(self) -> str:
        """The reason, how often, and where first; quotes the cell, unless it is empty."""
        return f"{self.reason}: {self.lines:,}, first in line {self.line}" + (
            f" ({quoted(self.cell)})" if self.cell else ""
        )


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Every line, settled; arrays are ``[N]`` in the order of the file.

    Attributes:
        customer: position in ``customers``, -1 without one.
        customers: the identifiers, first seen first.
        day: datetime64[D]; ``value``: signed, negative for returns; both only count where readable.
        occasion: a number for each order, or for each day where no order is named.
        kind: position in ``KINDS``.
        duplicates: lines equal to an earlier one in every cell, dropped or not.
        unread: why lines are unreadable.
        told: what was assumed, in words.
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
    told: tuple[str, ...]

    def are(self, kind: str) -> NDArray[np.bool_]:
        """Which lines are of a kind, ``[N]``."""
        return np.asarray(self.kind == KINDS.index(kind))


def settle_lines(
    table: pa.Table, columns: Columns, settings: RfmSettings, places: NDArray[np.int64]
) -> Lines:
    """Settle every line of a table of transactions; ``places`` ``[N]`` are their lines in the file.

    Raises:
        InputError: when the dates cannot be understood or a column holds the wrong type.
    """
    days = read_days(table[columns[DATE]], columns[DATE], settings.date_format)
    value, negative, bad = _values(table, columns)
    bad = {columns[DATE]: np.isnat(days.values), **bad}
    snapshot, snapshot_told = _snapshot(days.values, settings.snapshot)
    customer, customers = keys(table[columns[CUSTOMER]])
    fresh = first_appearances(table)
    cancelled, cancelled_told = _cancelled(table, columns, settings, negative)
    dropped = ~fresh & settings.drop_duplicates
    unreadable = np.logical_or.reduce(list(bad.values()))
    late = days.values > np.datetime64(snapshot, "D")
    tests = [dropped, customer < 0, unreadable, late, cancelled, value == 0, negative]
    kind = np.select(tests, list(range(len(tests))), default=len(tests)).astype(np.int8)
    occasion, occasion_told = _occasions(table, columns, days.values, kind == KINDS.index("purchases"))
    return Lines(
        customer=customer,
        customers=customers,
        day=days.values,
        value=value,
        occasion=occasion,
        kind=kind,
        snapshot=snapshot,
        duplicates=int((~fresh).sum()),
        unread=_unread(table, bad, kind == KINDS.index("unreadable"), places),
        told=(days.told, snapshot_told, *cancelled_told, *occasion_told),
    )


def _values(
    table: pa.Table, columns: Columns
) -> tuple[NDArray[np.float64], NDArray[np.bool_], dict[str, NDArray[np.bool_]]]:
    """The signed value of each line, whether it takes back, and header -> which cells cannot be read."""
    used = [role for role in (AMOUNT, QUANTITY, PRICE) if role in columns]
    read = {role: numbers(table[columns[role]]) for role in used}
    with np.errstate(over="ignore", invalid="ignore"):
        worth = read[AMOUNT] if AMOUNT in columns else read[QUANTITY] * read[PRICE]
    negative = np.logical_or.reduce([cells < 0 for cells in read.values()])
    needed = [AMOUNT] if AMOUNT in columns else [QUANTITY, PRICE]
    bad = {columns[role]: np.isnan(read[role]) for role in needed}
    read_all = ~np.logical_or.reduce(list(bad.values()))
    bad[columns[needed[-1]]] |= read_all & ~np.isfinite(worth)  # a product beyond every number
    return np.where(negative, -np.abs(worth), worth), negative, bad


def _snapshot(days: NDArray[np.datetime64], given: date | None) -> tuple[date, str]:
    last: date = days[~np.isnat(days)].max().item()
    if given is None:
        return last, f"the snapshot is the last day of the data, {last}"
    return given, f"the snapshot is {given}; the last day of the data is {last}"


def _cancelled(
    table: pa.Table, columns: Columns, settings: RfmSettings, negative: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], list[str]]:
    """Which lines count in nothing, by their status or their order's C."""
    out = np.zeros(table.num_rows, dtype=bool)
    told = []
    if ORDER in columns:
        marked, plain = (_matching(table[columns[ORDER]], pattern) for pattern in (C_ORDER, PLAIN_ORDER))
        if marked.any() and plain.any():  # where every order starts with C it is only their name
            out |= marked & ~negative
            told.append(
                f"{columns[ORDER]!r} with a C before the number is a cancellation, a return where negative"
            )
    if STATUS in columns:
        words = CANCELLED + tuple(word.strip().casefold() for word in settings.cancelled)
        status, spelled = _statuses(table[columns[STATUS]])
        gone, back = (np.isin(status, _positions(spelled, known)) for known in (words, RETURNED))
        out |= gone | (back & ~negative)
        others = [word for word in spelled if word.casefold() not in words + RETURNED]
        told += _told_statuses(columns[STATUS], spelled, others)
    return out, told


def _matching(column: pa.ChunkedArray, pattern: str) -> NDArray[np.bool_]:
    def settle(cells: pa.Array) -> NDArray[Any]:
        matched = pc.match_substring_regex(texts(cells), pattern).fill_null(False)
        return np.asarray(matched.to_numpy(zero_copy_only=False), dtype=bool)

    return by_distinct(column, settle, missing=False)


def _statuses(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[str]]:
    codes, distinct = encoded(column)
    again, spelled = encoded(pa.chunked_array([texts(distinct)]))
    return with_missing(again, -1)[codes], spelled.to_pylist()


def _positions(spelled: list[str], words: tuple[str, ...]) -> list[int]:
    return [place for place, word in enumerate(spelled) if word.casefold() in words]


def _told_statuses(header: str, spelled: list[str], others: list[str]) -> list[str]:
    met = [word for word in spelled if word not in others]
    shown = quoted_names(others)
    taken = f"; every other value ({shown}) counts as completed" if others else ""
    out = listed(map(quoted, met), last="or") if met else "none of its values"
    return [f"lines are excluded where {header!r} is {out}{taken}"]


def _occasions(
    table: pa.Table, columns: Columns, days: NDArray[np.datetime64], bought: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], list[str]]:
    """What a purchase counts as: its order; where none is named, its day (as a negative number)."""
    by_day = np.where(np.isnat(days), 0, days.astype(np.int64)) - 10**9
    if ORDER not in columns:
        return by_day, []
    order, _ = keys(table[columns[ORDER]])
    nameless = int((bought & (order < 0)).sum())
    purchases = counted(nameless, "purchase has no order and counts", "purchases have no order and count")
    told = [f"{purchases} as one per day"] if nameless else []
    return np.where(order < 0, by_day, order), told


def _unread(
    table: pa.Table,
    bad: dict[str, NDArray[np.bool_]],
    unreadable: NDArray[np.bool_],
    places: NDArray[np.int64],
) -> tuple[Unread, ...]:
    """Each reason, the first that fits a line, with the place of its first line in the file."""
    found = []
    left = unreadable.copy()
    for header, cells in bad.items():
        rows = np.flatnonzero(left & cells)
        left &= ~cells
        codes, distinct = encoded(table[header].take(pa.array(rows)))
        empty = with_missing(texts(distinct).is_null().to_numpy(zero_copy_only=False), True)[codes]
        for reason, which in (("is empty", rows[empty]), ("cannot be read", rows[~empty])):
            if len(which):
                first = int(which[0])
                cell = str(table[header][first].as_py())
                told = f"{quoted(header)} {reason}"
                found.append(Unread(reason=told, lines=len(which), line=int(places[first]), cell=cell))
    return tuple(found)


def check_table(table: pa.Table) -> None:
    """Refuse a table without lines, or with lists and the like in its cells."""
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if pa.types.is_nested(kind):
            raise InputError(
                f"columns must hold plain values, but {quoted(name)} holds {shortened(str(kind), QUOTED)}",
                column=name,
                remedies=[LeaveOut(column=name)],
            )
    if table.num_rows == 0:
        raise InputError(
            f"the file must have lines below its header {quoted_names(table.column_names)}, but it has none; "
            "add lines"
        )
