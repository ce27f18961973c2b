"""Transactions for the tests: a few lines by hand, and a table like Online Retail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

HEADERS = ("CustomerID", "InvoiceNo", "InvoiceDate", "Quantity", "UnitPrice", "State")

# Every rule in twelve lines; the snapshot is 2011-12-10.
BY_HAND = [
    ("00123", "1001", "2011-12-01 08:26", "2", "10", "done"),  # a purchase of 20
    ("00123", "1001", "2011-12-01 08:26", "1", "5", "done"),  # same order: frequency stays 1
    ("00123", "1002", "2011-12-05 23:59", "4", "2.5", "done"),  # a second order, of 10; last purchase
    ("00123", "C1003", "2011-12-09 10:00", "-1", "10", "done"),  # a return: net 10 less, recency stays
    ("00123", "C1004", "2011-12-09 10:00", "1", "99", "done"),  # C and positive: cancelled
    ("00123", "1005", "2011-12-09 10:00", "1", "99", "Cancelled"),  # cancelled by its status
    ("00123", "1006", "2011-12-09 10:00", "1", "0", "done"),  # a gift
    ("A 7", "1007", "2011-11-30 09:00", "1", "8", "done"),  # a purchase of 8
    ("A 7", "1008", "2011-12-11 09:00", "1", "8", "done"),  # after the snapshot
    ("", "1009", "2011-12-02 09:00", "1", "8", "done"),  # without a customer
    ("A 7", "1010", "soon", "1", "8", "done"),  # unreadable
    ("B", "1011", "2011-12-02 09:00", "-1", "8", "done"),  # only returns: not in the table
]


def table(rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS) -> pa.Table:
    """A table of text."""
    cells = list(zip(*rows, strict=True)) or [()] * len(headers)
    return pa.table({name: pa.array(cells[i], pa.string()) for i, name in enumerate(headers)})


def shop(lines: int = 4000) -> pa.Table:
    """A table like Online Retail: C-invoices, lines without customers, zero prices, typed columns."""
    draw = np.random.default_rng(7)
    back, zero = draw.random(lines) < 0.03, draw.random(lines) < 0.01
    invoice = np.sort(draw.integers(536365, 536365 + lines // 8, lines))
    customer = np.where(draw.random(lines) < 0.2, np.nan, 12346 + invoice % 150)
    minutes = (invoice - 536365) * 700
    return pa.table(
        {
            "InvoiceNo": [
                f"C{number}" if c else str(number) for number, c in zip(invoice, back, strict=True)
            ],
            "StockCode": [f"{number}A" for number in draw.integers(20000, 90000, lines)],
            "Quantity": np.where(back, -1, 1) * draw.integers(1, 25, lines),
            "InvoiceDate": pa.array([datetime(2010, 12, 1, 8) + timedelta(minutes=int(m)) for m in minutes]),
            "UnitPrice": np.where(zero, 0.0, np.round(draw.gamma(2, 2, lines) + 0.01, 2)),
            "CustomerID": pa.array(customer, from_pandas=True),
        }
    )
