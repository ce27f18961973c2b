"""The rule for one cell: what the graph gets for a value, or the sentence that refuses it.

Nothing is repaired: a value is taken as it is, taken as missing (``None``, NaN, NaT, blank text where the
kind of the column declares so), or refused. What else a value must be is up to the column's kind.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np

from inference.contract import Column
from inference.kinds.kind import Kind, Parsed
from inference.kinds.registry import kind_of

_MISSING_TYPES = frozenset({"NAType", "NaTType"})  # pandas' markers, known by name to stay light


def parse_cell(column: Column, value: Any) -> Parsed:
    """What the graph gets for one value, and why it was refused, or ``None``.

    Returns:
        A double (days for a date) or text, NaN or ``""`` where missing or refused, and the refusal as the end
        of a sentence that begins with the column's name.

    Raises:
        InputError: when the column is of no known kind.
    """
    return parse_as(kind_of(column), column, value)


def parse_as(kind: Kind, column: Column, value: Any) -> Parsed:
    """The same as ``parse_cell`` for a column whose kind was looked up before."""
    if isinstance(value, np.generic) and not isinstance(value, (np.datetime64, np.timedelta64)):
        value = value.item()  # of a time it would be a bare count of nanoseconds
    if is_missing(kind, value):
        refusal = None if column.missing_allowed else "must be given, but it is missing; fill it in"
        return kind.missing, refusal
    return kind.parse(column, value)


def is_missing(kind: Kind, value: Any) -> bool:
    """Whether a value means that nothing is known."""
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, float):
        return math.isnan(value)
    return kind.blank_is_missing and isinstance(value, str) and not value.strip()
