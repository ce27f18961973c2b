"""The rule for one cell: what the graph gets for a value, or the sentence that refuses it.

One function a kind of column. Nothing is repaired: a value is taken as it is, taken as missing (``None``,
NaN, NaT, blank text in a category or a date), or refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from inference.contract import CATEGORY, DATE, NUMBER, Column
from inference.dates import FIRST_DAY, LAST_DAY, day_number, days_of_array, iso_date, read_day
from inference.wording import did_you_mean, nearest

LARGEST = float(np.finfo(np.float32).max)
EXACT = 2.0**53  # beyond it a float does not tell whole numbers apart
_MISSING_TYPES = frozenset({"NAType", "NaTType"})  # pandas' markers, known by name to stay light

Settled = tuple[Any, str | None]


def settle(column: Column, value: Any) -> Settled:
    """What the graph gets for one value, and why it was refused, or ``None``.

    Returns:
        A double (days for a date) or text, NaN or ``""`` where missing or refused, and the refusal as the end
        of a sentence that begins with the column's name.
    """
    if isinstance(value, np.generic) and not isinstance(value, (np.datetime64, np.timedelta64)):
        value = value.item()  # of a time it would be a bare count of nanoseconds
    if is_missing(column, value):
        refusal = None if column.missing_allowed else "must be given, but it is missing; fill it in"
        return missing_in(column), refusal
    return _RULES[column.kind](column, value)


def missing_in(column: Column) -> Any:
    """What stands for a missing cell in the graph's input."""
    return "" if column.kind == CATEGORY else math.nan


def is_missing(column: Column, value: Any) -> bool:
    """Whether a value says that nothing is known."""
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, float):
        return math.isnan(value)
    return column.kind != NUMBER and isinstance(value, str) and not value.strip()


def number_cell(column: Column, value: Any) -> Settled:
    """The rule for a number that is not missing."""
    if isinstance(value, (bool, np.timedelta64)) or not isinstance(value, (Real, Decimal)):
        return math.nan, (
            f"must be a number, but it is {shown(value)}; give it without quotes, or leave it unknown"
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if abs(number) > LARGEST:
        return math.nan, f"must be a finite number in single precision, but it is {shown(value)}; correct it"
    low, high = column.range or (-LARGEST, LARGEST)
    if not low <= number <= high:
        unit = f" {column.unit}" if column.unit else ""
        return math.nan, _out_of_range(f"from {low:g} to {high:g}{unit}", value)
    return number, None


def category_cell(column: Column, value: Any) -> Settled:
    """The rule for a category that is not missing: a known spelling, else ``other`` where there is one.

    A number counts as its text: ``3`` and ``3.0`` as either of ``"3"`` and ``"3.0"``, ``True`` as ``"True"``.
    """
    texts = _texts(value)
    for text in texts:
        found = column.spellings.get(text.strip().casefold())
        if found is not None:
            return found, None
    if column.other and texts:
        return column.other, None
    names = [category.value for category in column.categories]
    hint = did_you_mean(nearest(texts[0], names)) if texts else ""
    wanted = f"must be one of {listed(names)}, but it is {shown(value)}"
    return "", f"{wanted}; correct it or leave it unknown.{hint}"


def date_cell(column: Column, value: Any) -> Settled:
    """The rule for a date that is not missing: a date of Python, numpy or pandas, or text."""
    days: float | None = None
    if isinstance(value, np.datetime64):
        days = float(days_of_array(np.array([value]))[0])
    elif isinstance(value, date):  # a datetime and pandas' Timestamp are dates, too
        days = day_number(value)
    elif isinstance(value, str):
        days = read_day(value, column.date_format)
    if days is None:
        also = f" or as {column.date_format!r}" if column.date_format else ""
        example = f"a date such as '2024-03-01'{also}"
        return math.nan, f"must be {example}, but it is {shown(value)}; correct it or leave it unknown"
    low, high = column.range or (FIRST_DAY, LAST_DAY)
    if not low <= days <= high:
        return math.nan, _out_of_range(f"from {iso_date(low)} to {iso_date(high)}", value)
    return days, None


_RULES = {NUMBER: number_cell, CATEGORY: category_cell, DATE: date_cell}


def _out_of_range(limits: str, value: Any) -> str:
    return f"must be {limits}, but it is {shown(value)}; correct it or leave it unknown"


def _texts(value: Any) -> list[str]:
    """The texts a category's value may be written as; none for what is neither text nor number."""
    if isinstance(value, (str, bool)):
        return [str(value)]
    if isinstance(value, int):
        return [shown(value), f"{shown(value)}.0"]
    if isinstance(value, (Real, Decimal)):
        number = float(value) + 0.0  # -0.0 is 0
        whole = number.is_integer() and abs(number) < EXACT
        return [f"{number:.0f}", f"{number:.1f}"] if whole else [repr(number)]
    return []


def listed(names: Iterable[str]) -> str:
    """Names as they stand in a sentence."""
    return ", ".join(repr(name) for name in names)


def shown(value: object) -> str:
    """A value as it stands in a sentence, shortened."""
    try:
        text = repr(value)
    except ValueError:  # Python does not write whole numbers beyond some thousand digits
        return f"a very large {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."
