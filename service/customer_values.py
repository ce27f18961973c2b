"""Customers as the form holds them: column name -> value, ``None`` for unknown, a date as ISO text."""

from __future__ import annotations

import math
from collections.abc import Mapping

from inference import Column, Contract, Segment
from inference.contract import DATE
from inference.dates import iso_date, read_day
from service.scales import scale_of

Value = float | int | str | None
Customer = dict[str, Value]
WHOLE = 2**53  # from here on not every whole number is a float, and JSON's readers differ


def unknown_customer(contract: Contract) -> Customer:
    """Nothing known; a column that must not be missing gets what is most common."""
    customer: Customer = {column.name: None for column in contract.columns}
    for column in contract.columns:
        if not column.missing_allowed:
            common = common_value(contract, column)
            customer[column.name] = common if isinstance(common, str) else rounded(column, common)
    return customer


def typical_customer(contract: Contract, segment: Segment) -> Customer:
    """The medians and the most frequent categories of a segment."""
    customer = unknown_customer(contract)
    for column in contract.columns:
        typical = _typical(column, segment)
        if typical is not None:
            customer[column.name] = typical
    return customer


def linked_customer(contract: Contract, query: Mapping[str, str]) -> Customer | None:
    """The customer in a link's query, column name -> text; ``None`` where it names no column.

    A column that is not named, or whose text cannot be one of its values, is unknown.
    """
    if not any(name in query for name in contract.names):
        return None
    return {column.name: _read(column, query.get(column.name, "")) for column in contract.columns}


def _read(column: Column, text: str) -> Value:
    if column.categories:
        return column.spellings.get(text.strip().casefold())
    if column.kind == DATE:
        day = read_day(text, column.date_format)
        return None if day is None else iso_date(day)
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < WHOLE else value


def common_value(contract: Contract, column: Column) -> float | str:
    """The median or the most frequent category of all training customers."""
    if column.categories:
        counts = contract.histograms.category(column.name) if contract.histograms else {}
        known = [category.value for category in column.categories]
        return max(known, key=lambda value: counts.get(value, 0))
    middle = column.quantiles.get(0.5, scale_of(column).middle)
    return iso_date(middle) if column.kind == DATE else middle


def place_on(column: Column, value: object) -> float | None:
    """Where a customer's value stands along a column: a number, a date's days; ``None`` where unknown."""
    if column.kind == DATE:
        return read_day(value, column.date_format) if isinstance(value, str) else None
    return float(value) if isinstance(value, (int, float)) else None


def rounded(column: Column, value: float) -> float | int | str:
    """A value as a person would enter it: a date; whole where the column is, else with few digits."""
    if column.kind == DATE:
        return iso_date(value)
    short = float(f"{value:.4g}")
    return round(value) if column.integer else int(short) if short.is_integer() else short


def _typical(column: Column, segment: Segment) -> Value:
    if column.categories:
        shares = segment.shares(column.name)
        return max(shares, key=lambda value: shares[value]) if shares else None
    typical = segment.spread(column.name)
    return None if typical is None else rounded(column, typical.median)
