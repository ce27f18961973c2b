"""Checks that roles and tables that cannot be used are refused with what must change."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from inference import Category, InputError
from tests import shapes
from trainer import ColumnSettings, Roles, propose


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [
        (Roles(cluster=("Orderz",)), "no column is called 'Orderz'; .*Did you mean 'Orders'"),
        (Roles(cluster=("customer_id",)), "'Customer ID' identifies customers and does not describe them"),
        (Roles(cluster=("Remark",)), "'Remark' cannot be used: its header suggests"),
        (Roles(cluster=("Currency",)), "'Currency' cannot be used: every cell"),
        (
            Roles(cluster=("Orders",), ignore=("orders",)),
            "a column has one role, but 'orders' is named for two",
        ),
        (Roles(value="Remark"), "'Remark' must be a column that is used or a feature"),
        (Roles(columns={"a": "Orders", "b": "orders"}), "each column must be named once"),
        (
            Roles(columns={"country": ColumnSettings(kind="number")}),
            "100% of the cells of 'Country' are not numbers",
        ),
        (Roles(columns={"orders": ColumnSettings(other="x")}), "'other' belongs to a category column"),
        (
            Roles(columns={"e_mail": ColumnSettings(kind="category")}),
            "at least two values that customers share",
        ),
    ],
)
def test_what_does_not_fit_the_table_gets_a_sentence(roles: Roles, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        propose(shapes.shop(300), roles)


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: Roles(cluster=("a", "A")), "cluster must name each column once"),
        (lambda: Roles(cluster="recency"), r"write a tuple"),  # type: ignore[arg-type]  # on purpose
        (lambda: Roles(columns={"segment": "x"}), "a name must be made of plain letters"),
        (lambda: ColumnSettings(kind="numbr"), "Did you mean 'number'"),
        (lambda: ColumnSettings(range=(5, 1)), "from the lower to the higher"),
        (
            lambda: ColumnSettings(categories=(Category(value="a"), Category(value="A "))),
            "differ by more than",
        ),
        (
            lambda: ColumnSettings(categories=(Category(value="a"), Category(value="b")), other="c"),
            "other must be one of the categories",
        ),
    ],
)
def test_settings_that_contradict_themselves_are_refused(make: Any, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        make()


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (pa.table({"a": ["1"] * 49}), "at least 50 customers, but it has 49 rows"),
        (pa.table({"a": ["x", "y"] * 40}), "at least one column of numbers .*'a': 2 values"),
        (pa.table({"a": list(range(80))}), "at least one column of numbers .* unique by design"),
        (pa.table({"Age": [1.0] * 60, " age": [2.0] * 60}), "differ by more than case"),
    ],
)
def test_a_table_that_cannot_be_trained_says_what_must_change(table: Any, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        propose(table)
