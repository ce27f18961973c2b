"""Checks that the validation uses the same rules for a single value and for a column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import Contract, InputError
from inference.kinds.number import LARGEST
from inference.validation import check_columns, check_row
from tests.synthetic import contract as made_up
from tests.synthetic import day
from trainer import Trained


@pytest.fixture(scope="module")
def contract(trained: Trained) -> Contract:
    return Contract.parse(trained.contract)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"age": "31"}, "column 'age' must be a number, but it is '31'"),
        ({"age": ""}, "column 'age' must be a number, but it is ''"),
        ({"age": True}, "column 'age' must be a number, but it is True"),
        ({"age": np.bool_(True)}, "column 'age' must be a number, but it is True"),
        ({"age": 1j}, "column 'age' must be a number, but it is 1j"),
        ({"age": np.timedelta64(31)}, "column 'age' must be a number"),
        ({"age": np.datetime64("2026-01-02")}, "column 'age' must be a number"),
        ({"age": [31]}, r"column 'age' must be a number, but it is \[31\]"),
        ({"age": 120.5}, "column 'age' must be from 0 to 120 years, but it is 120.5"),
        ({"age": -1}, "column 'age' must be from 0 to 120 years, but it is -1"),
        ({"age": float("inf")}, "column 'age' must be a finite number"),
        ({"age": 1e39}, "column 'age' must be a finite number in single precision"),
        ({"age": 10**400}, "column 'age' must be a finite number"),
        ({"gender": "Femal"}, "must be one of 'Female', 'Male', but it is 'Femal'.*Did you mean 'Female'"),
        ({"gender": 1}, "column 'gender' must be one of 'Female', 'Male', but it is 1"),
        ({"ages": 31}, "unknown column 'ages'; known: 'gender', 'age'.*Did you mean 'age'"),
    ],
)
def test_refuses_with_what_was_seen_and_what_to_do(
    contract: Contract, given: dict[str, Any], wanted: str
) -> None:
    with pytest.raises(InputError, match=wanted) as caught:
        check_row(contract, given)
    assert caught.value.column == next(iter(given))


@pytest.mark.parametrize(
    "spelling", ["Female", "female", " FEMALE ", "f", "W", "woman\t", np.str_(" female")]
)
def test_takes_a_category_in_any_known_spelling(contract: Contract, spelling: str) -> None:
    assert check_row(contract, {"gender": spelling}).feeds["gender"][0, 0] == "Female"


@pytest.mark.parametrize(
    "missing",
    [
        None,
        float("nan"),
        pd.NA,
        pd.NaT,
        Decimal("NaN"),
        Decimal("sNaN"),
        np.float32("nan"),
        np.datetime64("NaT"),
    ],
    ids=repr,
)
def test_takes_every_kind_of_missing_as_missing(contract: Contract, missing: object) -> None:
    feeds = check_row(contract, {"age": missing, "gender": missing}).feeds
    assert np.isnan(feeds["age"][0, 0])
    assert feeds["gender"][0, 0] == ""


@pytest.mark.parametrize(
    "number", [31, 31.0, np.int8(31), np.float32(31), Decimal(31), np.uint64(31)], ids=repr
)
def test_takes_every_kind_of_number(contract: Contract, number: object) -> None:
    assert check_row(contract, {"age": number}).feeds["age"][0, 0] == 31.0


def test_a_list_in_a_column_is_refused_as_a_value(contract: Contract) -> None:
    checked = check_columns(contract, {"age": [[1], [2, 3]]})
    assert sorted(checked.problems) == [0, 1]


def test_range_ends_belong_to_the_range(contract: Contract) -> None:
    feeds = check_columns(contract, {"spending_score": [1, 100]}).feeds
    assert feeds["spending_score"][:, 0].tolist() == [1.0, 100.0]


def test_counts_every_refused_row_and_names_the_first(contract: Contract) -> None:
    checked = check_columns(contract, {"age": [31, "x", 400], "gender": ["m", "?", "f"]})
    assert sorted(checked.problems) == [1, 2]
    with pytest.raises(
        InputError, match=r"row 1: column 'gender' .* \(2 rows are refused; this is the first\)"
    ) as caught:
        checked.raise_for_problems()
    assert (caught.value.row, caught.value.column) == (1, "gender")


def test_refused_cells_stand_as_missing_beside_their_problem(contract: Contract) -> None:
    checked = check_columns(contract, {"age": np.array([31.0, 400.0])})
    assert np.isnan(checked.feeds["age"][1, 0])
    assert "400.0" in checked.problems[1][1]


def test_keeps_the_rows_of_a_masked_array_missing(contract: Contract) -> None:
    checked = check_columns(contract, {"age": np.ma.MaskedArray([31.0, 40.0], mask=[False, True])})
    assert np.isnan(checked.feeds["age"][1, 0])


@pytest.mark.parametrize(
    "values",
    [
        np.array(["2024-03-01T12:00", "NaT"], dtype="datetime64[ns]"),
        np.ma.MaskedArray(np.array(["2024-03-01", "2024-03-02"], dtype="datetime64[ns]"), mask=[False, True]),
        pd.Series(pd.to_datetime(["2024-03-01 12:00", "NaT"])),
        pd.Series(pd.to_datetime(["2024-03-01 23:00", "NaT"])).dt.tz_localize("America/New_York"),
        pd.Series(["2024-03-01", None]),
        ("2024-03-01", ""),
    ],
    ids=["numpy", "masked", "pandas", "pandas with a zone", "text in pandas", "text"],
)
def test_takes_a_column_of_dates_as_days(values: Any) -> None:
    checked = check_columns(made_up([day("joined")], ["One", "Two"]), {"joined": values})
    assert np.array_equal(checked.feeds["joined"], [[19783.0], [np.nan]], equal_nan=True)
    assert checked.problems == {}


def test_takes_pandas_columns(contract: Contract) -> None:
    frame = pd.DataFrame({"age": pd.array([31, None], dtype="Int64"), "gender": pd.Categorical(["m", None])})
    feeds = check_columns(contract, {str(name): frame[name] for name in frame}).feeds
    assert feeds["age"][0, 0] == 31.0
    assert np.isnan(feeds["age"][1, 0])
    assert feeds["gender"][:, 0].tolist() == ["Male", ""]


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"age": 31}, "column 'age' must be a sequence of values, one per row, but it is 31; wrap"),
        ({"gender": "Female"}, "column 'gender' must be a sequence of values"),
        ({"age": np.zeros((2, 2))}, r"must have one dimension, but its shape is \(2, 2\)"),
        ({"age": [1, 2], "gender": ["m"]}, "same number of rows; found {'age': 2, 'gender': 1}"),
        ({}, "at least one column must be given"),
    ],
)
def test_refuses_what_is_not_a_table(contract: Contract, columns: dict[str, Any], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        check_columns(contract, columns)


def test_a_column_where_missing_is_not_allowed_must_be_given(trained: Trained) -> None:
    strict = Contract.parse(trained.contract.replace('"missing_allowed":true', '"missing_allowed":false'))
    with pytest.raises(InputError, match="column 'gender' must be given, but it is missing; fill it in"):
        check_row(strict, {"age": 31})
    with pytest.raises(InputError, match="row 0: column 'gender' must be given"):
        check_columns(strict, {"age": np.array([31.0])}).raise_for_problems()


numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-200, 200),
    st.sampled_from([0.0, -0.0, 120.0, 120.00000000000001, LARGEST, LARGEST * 2, 5e-324]),
)


@given(values=st.lists(numbers, min_size=1, max_size=8))
def test_a_numeric_array_is_judged_as_its_values_are_alone(contract: Contract, values: list[float]) -> None:
    array = np.array(values, dtype=np.float64)
    fast = check_columns(contract, {"age": array})
    slow = check_columns(contract, {"age": array.tolist()})
    assert np.array_equal(fast.feeds["age"], slow.feeds["age"], equal_nan=True)
    assert fast.problems == slow.problems
    for row, value in enumerate(array.tolist()):
        if row in fast.problems:
            with pytest.raises(InputError) as caught:
                check_row(contract, {"age": value})
            assert str(caught.value) == fast.problems[row][1]
        else:
            alone = check_row(contract, {"age": value}).feeds["age"][0, 0]
            assert np.array_equal(alone, fast.feeds["age"][row, 0], equal_nan=True)
