"""Checks one rule for a cell of each kind: used as it is, missing, or refused with a message."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from inference import Category, Column
from inference.dates import day_number
from inference.kinds.cell_rules import parse_cell
from inference.kinds.row_problems import RowProblems
from inference.validation import check_values

JOINED = Column(
    name="joined",
    label="Joined",
    kind="date",
    role="profile",
    range=(day_number(date(2000, 1, 1)), day_number(date(2030, 12, 31))),
    date_format="%d/%m/%y",
    quantiles={},
)
SIZES = tuple(Category(value=value) for value in ("3", "4.0", "True", "2.5", "rest"))
SIZE = Column(name="size", label="Size", kind="category", role="profile", categories=SIZES, quantiles={})
OPEN = replace(SIZE, other="rest")
MARCH = day_number(date(2024, 3, 1))


@pytest.mark.parametrize(
    "value",
    [
        date(2024, 3, 1),
        datetime(2024, 3, 1, 23, 59),
        datetime(2024, 3, 1, 23, 59, tzinfo=UTC),
        np.datetime64("2024-03-01"),
        np.datetime64("2024-03-01T23:59:59.999999999"),
        pd.Timestamp("2024-03-01 18:00"),
        pd.Timestamp("2024-03-01 23:00", tz="America/New_York"),
        "2024-03-01",
        " 2024-03-01T10:00Z ",
        np.str_("2024-03-01 10:00"),
        "01/03/24",
    ],
    ids=repr,
)
def test_takes_every_kind_of_date(value: object) -> None:
    assert parse_cell(JOINED, value) == (MARCH, None)


@pytest.mark.parametrize(
    "value", [None, math.nan, pd.NaT, pd.NA, np.datetime64("NaT"), np.float32("nan"), "", " \t"], ids=repr
)
def test_takes_every_kind_of_missing_date(value: object) -> None:
    parsed, refusal = parse_cell(JOINED, value)
    assert math.isnan(parsed)
    assert refusal is None


@pytest.mark.parametrize(
    "value",
    [19783, 19783.0, True, "20240301", "soon", "NaT", b"2024-03-01", time(10), np.timedelta64(3, "D"), [1]],
    ids=repr,
)
def test_refuses_what_is_no_date(value: object) -> None:
    parsed, refusal = parse_cell(JOINED, value)
    assert math.isnan(parsed)
    assert str(refusal).startswith("must be a date such as '2024-03-01' or as '%d/%m/%y', but it is ")
    assert str(refusal).endswith("; correct it or leave it unknown")


def test_limits_of_dates_are_told_as_dates() -> None:
    _, refusal = parse_cell(JOINED, "1999-12-31")
    assert str(refusal).startswith("must be from 2000-01-01 to 2030-12-31, but it is '1999-12-31'; ")
    assert parse_cell(JOINED, "2000-01-01")[1] is None
    assert parse_cell(JOINED, date(2030, 12, 31))[1] is None


@pytest.mark.parametrize("unit", ["D", "s", "ns"])
def test_an_array_of_dates_is_judged_as_its_values_are_alone(unit: str) -> None:
    texts = ["1999-12-31", "2000-01-01", "2024-03-01", "2030-12-31", "2031-01-01", "NaT"]
    values = np.array(texts, dtype=f"datetime64[{unit}]")
    for column in (JOINED, replace(JOINED, missing_allowed=False)):
        fast = RowProblems(len(values))
        taken = check_values(column, values, fast)
        assert sorted(fast) == ([0, 4] if column.missing_allowed else [0, 4, 5])
        for row, value in enumerate(values):
            parsed, refusal = parse_cell(column, value)
            assert np.array_equal([taken[row]], [parsed], equal_nan=True)
            assert (row in fast) == (refusal is not None)
            assert refusal is None or fast[row] == ("joined", f"column 'joined' {refusal}")


def test_refuses_dates_beyond_the_calendar() -> None:
    anywhere = replace(JOINED, range=None)
    problems = RowProblems(1)
    check_values(anywhere, np.array([12_000], dtype="datetime64[Y]"), problems)
    assert "must be from 0001-01-01 to 9999-12-31" in problems[0][1]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (3, "3"),
        (3.0, "3"),
        (np.int8(3), "3"),
        (Decimal("3.0"), "3"),
        (4, "4.0"),
        (2.5, "2.5"),
        (np.float64(2.5), "2.5"),
        (Fraction(5, 2), "2.5"),
        (True, "True"),
        (np.bool_(True), "True"),
        ("true", "True"),
    ],
    ids=repr,
)
def test_a_number_is_a_category_by_its_text(value: object, wanted: str) -> None:
    assert parse_cell(SIZE, value) == (wanted, None)
    assert parse_cell(OPEN, value) == (wanted, None)


@pytest.mark.parametrize(
    "value", [1, 0, False, 1e300, math.inf, 10**40, 10**5000, "anything", "3.0001"], ids=range(9)
)
def test_an_unknown_value_falls_to_other_or_is_refused(value: object) -> None:
    assert parse_cell(OPEN, value) == ("rest", None)
    parsed, refusal = parse_cell(SIZE, value)
    assert parsed == ""
    assert str(refusal).startswith("must be one of '3', '4.0', 'True', '2.5', 'rest', but it is ")


def test_other_takes_neither_blanks_nor_things() -> None:
    assert parse_cell(OPEN, "  ") == parse_cell(OPEN, None) == parse_cell(OPEN, math.nan) == ("", None)
    for thing in ([1], {"a": 1}, b"3", date(2024, 3, 1), 1j):
        assert parse_cell(OPEN, thing)[1] is not None
