"""The customers that the app stored, as a table to train on."""

from __future__ import annotations

import json

import pandas as pd

from inference.errors import InputError
from trainer.table.database import read_query
from trainer.table.raw_table import Raw, raw_of

INPUTS = "inputs"  # the column with what is known of a customer, as a JSON object of columns and values
QUERY = "SELECT inputs FROM customers"
SOURCE = "the stored customers"


def read_stored(url: str, query: str = "") -> Raw:
    """The raw inputs of every stored customer; ids and answers are not read.

    Args:
        url: of the database, for SQLAlchemy.
        query: instead of the store's own table; its rows have the columns themselves, or a column ``inputs``.

    Raises:
        InputError: when the database does not answer, or nothing is stored.
    """
    found = read_query(url, query or QUERY)
    if list(found.columns) == [INPUTS]:
        found = pd.DataFrame([_customer(each) for each in found[INPUTS]])
    if found.empty:
        raise InputError("there must be stored customers to train on, but there are none")
    return raw_of(found, source=SOURCE)


def _customer(cell: object) -> dict[str, object]:
    value = json.loads(cell) if isinstance(cell, (str, bytes)) else cell
    if not isinstance(value, dict):
        raise InputError(
            f"the column {INPUTS!r} must hold JSON objects of columns and values, but one is a "
            f"{type(value).__name__}"
        )
    return value
