"""Recognises a file of order lines, which has several rows per customer, and makes customers of it."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from inference.errors import InputError
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.rfm_table import Customers, customers_of
from trainer.rfm.transaction_columns import find_columns
from trainer.rfm.transaction_headers import CUSTOMER
from trainer.rfm.transaction_table import Transactions
from trainer.table.raw_table import Raw

ONE_PER_CUSTOMER = 0.9  # share of different customers among the rows; with fewer, rows are orders


def customers_of_orders(raw: Raw) -> Customers | None:
    """The customers of a file of orders; ``None`` where it is no such file.

    Raises:
        InputError: where it is one, but a currency, a date or a decimal mark is open.
    """
    try:
        columns = find_columns(raw.cells.column_names, RfmSettings(), raw.cells)
    except InputError:
        return None
    customers = raw.cells.column(columns[CUSTOMER]).drop_null()
    if not len(customers) or len(pc.unique(customers)) >= ONE_PER_CUSTOMER * len(customers):
        return None
    lines = np.asarray(raw.lines)
    given = Transactions.of(raw.cells, lines=lines, name=raw.source, separator=raw.separator)
    return customers_of(given, RfmSettings(decimals=raw.rules.decimals))
