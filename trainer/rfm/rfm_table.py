"""From transactions to customers: recency, frequency, monetary value, tenure and average basket."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.wording import quoted, quoted_names
from trainer.rfm.rfm_report import RfmReport
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_columns import find_columns
from trainer.rfm.transaction_headers import CUSTOMER
from trainer.rfm.transaction_lines import KINDS, Lines, settle_lines
from trainer.rfm.transaction_table import Transactions, check_table

KINDS_SHOWN = 2  # of lines, in an error
DECIMALS = 6  # of sums of money: beyond them is only the noise of binary fractions

# The only definition of the columns; the command's help and its tests quote it.
DEFINITIONS = {
    "recency": "whole days from the last purchase to the snapshot",
    "frequency": "distinct orders with a purchase; without an order column, distinct days with a purchase",
    "monetary": "net value: purchases minus returns and refunds",
    "tenure": "whole days from the first purchase to the snapshot",
    "average_basket": "value of the purchases, without subtracting returns, divided by frequency",
}
MONEY = ("monetary", "average_basket")  # whose headers have the currency in parentheses, where it is known


@dataclass(frozen=True, kw_only=True)
class Customers:
    """One row per customer, in order of appearance: the identifier with its header, then ``DEFINITIONS``."""

    table: pa.Table
    report: RfmReport


def customers_of(transactions: pa.Table | Transactions, settings: RfmSettings | None = None) -> Customers:
    """Turn transactions, one line per row, into a table of customers.

    A purchase is a line of positive value. Returns (a negative quantity or amount) and refunds lower the
    monetary value and set neither frequency nor recency. Ignored are lines whose status says so, orders
    written as ``C536379`` unless the line is negative and so a return, and lines that were refunded as a
    whole. Lines of value zero are not purchases. The average basket is gross, so that it shows how much is
    bought at a time and is no ratio of the other columns. Customers without a purchase are left out.
    Values are doubles, rounded to ``DECIMALS``; their currency, if known, is in the header.

    Args:
        transactions: cells as text or typed (integers, floats, decimals, dates, timestamps).
        settings: which columns to take and how; by default everything is found in the table.

    Raises:
        InputError: when a column is not found or not certain, dates, decimal marks or currencies stay
            open, or no line is a purchase.
    """
    settings = settings or RfmSettings()
    given = transactions if isinstance(transactions, Transactions) else Transactions.of(transactions)
    check_table(given.cells)
    columns = find_columns(given.cells.column_names, settings, given.cells)
    header = columns[CUSTOMER]
    if header in DEFINITIONS:
        raise InputError(
            f"the customer's header must differ from {quoted_names(DEFINITIONS)}, but it is "
            f"{quoted(header)}; rename it"
        )
    used = dict.fromkeys(columns.headers.values())
    lines = settle_lines(given, columns, settings)
    counts = dict(zip(KINDS, np.bincount(lines.kind, minlength=len(KINDS)).tolist(), strict=True))
    if not counts["purchases"]:
        raise InputError(_no_purchase(counts, lines, list(used)))
    table, bought = _aggregate(lines, header)
    left_out = lines.are("of excluded customers")
    seen = np.unique(lines.customer[(lines.customer >= 0) & ~left_out])
    monetary = table[3].to_numpy()
    report = RfmReport(
        lines=given.cells.num_rows,
        kinds=counts,
        unread=lines.unread,
        duplicates=lines.duplicates,
        again=lines.again,
        customers=table.num_rows,
        never_purchased=len(seen) - len(bought),
        nothing_left=int((monetary <= 0).sum()),
        negative=int((monetary < 0).sum()),
        snapshot=lines.snapshot,
        headers=columns.headers,
        currency=lines.currency,
        assumed=(*columns.assumed, *lines.notes),
        warned=lines.warned,
        repeated_total=lines.repeated_total,
    )
    return Customers(table=table, report=report)


def _aggregate(lines: Lines, header: str) -> tuple[pa.Table, NDArray[np.int64]]:
    """The customer table, and the positions in ``lines.customers`` of its rows."""
    purchases = lines.are("purchases")
    grouped = _group(lines, purchases)
    bought = grouped["customer"].to_numpy()
    gross = _sums(lines, purchases, lines.value)[bought]
    returned = _sums(lines, lines.are("returns"), lines.value)[bought]
    returned = returned - _sums(lines, purchases, lines.refund)[bought]
    frequency = grouped["occasion_count_distinct"].to_numpy()
    snapshot = np.datetime64(lines.snapshot, "D")
    ago = {
        name: snapshot - grouped[f"day_{name}"].to_numpy().astype("datetime64[D]") for name in ("min", "max")
    }
    columns = {
        "recency": ago["max"].astype(np.int64),
        "frequency": frequency,
        "monetary": np.round(gross + returned, DECIMALS) + 0.0,  # no -0.0
        "tenure": ago["min"].astype(np.int64),
        "average_basket": np.round(gross / frequency, DECIMALS),
    }
    identifiers = lines.customers.take(pa.array(bought))
    named = {_with_unit(name, lines.currency): columns[name] for name in DEFINITIONS}
    return pa.table({header: identifiers, **named}), bought


def _with_unit(name: str, currency: str) -> str:
    return f"{name} ({currency})" if currency and name in MONEY else name


def _group(lines: Lines, purchases: NDArray[np.bool_]) -> pa.Table:
    table = pa.table(
        {
            "customer": lines.customer[purchases],
            "day": pa.array(lines.day[purchases]),
            "occasion": lines.occasion[purchases],
        }
    )
    asked = [("day", "min"), ("day", "max"), ("occasion", "count_distinct")]
    return table.group_by("customer").aggregate(asked).sort_by("customer")


def _sums(lines: Lines, which: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values ``[N]`` by customer, added in the order of the file, so that equal runs give equal sums."""
    sums = np.bincount(lines.customer[which], weights=values[which], minlength=len(lines.customers))
    return np.asarray(sums, dtype=np.float64)  # numpy gives integers where there is no line


def _no_purchase(counts: dict[str, int], lines: Lines, used: list[str]) -> str:
    most = sorted(counts.items(), key=lambda each: -each[1])[:KINDS_SHOWN]
    met = ", ".join(f"{kind}: {number:,}" for kind, number in most if number)
    first = f"; {lines.unread[0].sentence()}" if lines.unread else ""
    columns = quoted_names(used, most=40)
    return f"at least one line must be a purchase, but there are {met}{first}; the columns used are {columns}"
