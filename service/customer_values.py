"""Customers as the form holds them: column name -> value, ``None`` for unknown, a date as ISO text."""

from __future__ import annotations

from collections.abc import Mapping

from inference import Column, Contract, Segment
from service.kinds.kind_view import Value
from service.kinds.kind_views import kind_view

Customer = dict[str, Value]


def unknown_customer(contract: Contract) -> Customer:
    """Nothing known; a column that must not be missing gets what is most common."""
    customer: Customer = {column.name: None for column in contract.columns}
    for column in contract.columns:
        if not column.missing_allowed:
            common = common_value(contract, column)
            if not isinstance(common, str):
                common = kind_view(column).rounded(column, common)
            customer[column.name] = common
    return customer


def typical_customer(contract: Contract, segment: Segment) -> Customer:
    """The medians and the most frequent categories of a segment."""
    customer = unknown_customer(contract)
    for column in contract.columns:
        typical = kind_view(column).typical(column, segment)
        if typical is not None:
            customer[column.name] = typical
    return customer


def linked_customer(contract: Contract, query: Mapping[str, str]) -> Customer | None:
    """The customer in a link's query, column name -> text; ``None`` where it names no column.

    A column that is not named, or whose text cannot be one of its values, is unknown.
    """
    if not any(name in query for name in contract.names):
        return None
    return {
        column.name: kind_view(column).read(column, query.get(column.name, "")) for column in contract.columns
    }


def common_value(contract: Contract, column: Column) -> float | str:
    """The median or the most frequent category of all training customers."""
    counts = contract.histograms.category(column.name) if contract.histograms else {}
    return kind_view(column).common(column, counts)


def place_on(column: Column, value: object) -> float | None:
    """The position of a customer's value along a column: a number, a date's days; ``None`` where unknown."""
    return kind_view(column).position(column, value)
