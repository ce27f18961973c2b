"""Checks that the contract's columns are found in headers of any spelling, and never guessed."""

from __future__ import annotations

import pytest

from inference import InputError, Segmenter
from inference.files.options import ReadOptions
from inference.files.read.headers import check_headers, looks_like_data, match_headers, named

NEEDED = ["Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)"]


def found(segmenter: Segmenter, headers: list[str], **options: object) -> dict[str, str]:
    return match_headers(segmenter.contract.columns, headers, ReadOptions(**options))  # type: ignore[arg-type]  # options of any type


@pytest.mark.parametrize(
    "headers",
    [
        NEEDED,
        [header.upper() for header in NEEDED],
        ["gender", "age", "annual_income", "spending_score"],
        ["Genre", "AGE", "annual income", "spending-score"],
        ["sex", "Age", "AnnualIncome", "SpendingScore"],
        ["x", "Spending_Score_(1-100)", "annual income (K$)", "gender", "age", ""],
        ["GENRE", "age", "income", "score"],
    ],
)
def test_finds_every_column(published: Segmenter, headers: list[str]) -> None:
    mapping = found(published, headers)
    assert list(mapping) == ["gender", "age", "annual_income", "spending_score"]
    assert len(set(mapping.values())) == 4


def test_another_unit_is_another_column(published: Segmenter) -> None:
    with pytest.raises(InputError, match="column 'annual_income' is missing"):
        found(published, ["Gender", "Age", "Annual Income (EUR)", "Spending Score"])


def test_an_exact_name_wins_over_an_alias(published: Segmenter) -> None:
    mapping = found(published, ["Gender", "Age", "Income", "annual_income", "spending_score"])
    assert mapping["annual_income"] == "annual_income"


def test_two_headers_that_could_be_a_column_are_refused(published: Segmenter) -> None:
    with pytest.raises(InputError, match="but 'Sex', 'Genre' could be; map column 'gender' to one of them"):
        found(published, ["Sex", "Genre", "Age", "annual_income", "spending_score"])


def test_a_missing_column_names_the_nearest(published: Segmenter) -> None:
    with pytest.raises(InputError) as refused:
        found(published, ["Gender", "Age", "Annual Incme", "Spending Score"])
    assert "column 'annual_income' is missing; found: 'Gender', 'Age', 'Annual Incme'" in str(refused.value)
    assert "Did you mean 'Annual Incme'?" in str(refused.value)
    assert refused.value.column == "annual_income"


def test_a_column_may_be_said_or_said_to_be_missing(published: Segmenter) -> None:
    mapping = found(
        published, ["Who", "Age", "annual_income"], columns={"gender": "who"}, missing=("spending_score",)
    )
    assert mapping == {"gender": "Who", "age": "Age", "annual_income": "annual_income"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"columns": {"income": "Age"}}, "the model has no column 'income'"),
        (
            {"columns": {"age": "Ages"}},
            "is to be read from 'Ages', but the headers are .* Did you mean 'Age'",
        ),
        ({"columns": {"age": "Gender"}}, "would be 'gender' and 'age'"),
        ({"missing": ("ages",)}, "the model has no column 'ages'.* Did you mean 'age'"),
        ({"decimals": {"Incom": ","}}, "a decimal mark is given for 'Incom'"),
    ],
)
def test_wrong_options_are_refused(published: Segmenter, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        found(published, NEEDED, **options)


@pytest.mark.parametrize("headers", [["Age", "age"], ["a", " A "], ["x", "X", ""]])
def test_headers_that_are_alike_are_refused(headers: list[str]) -> None:
    with pytest.raises(InputError, match="must differ by more than case"):
        check_headers(headers)


def test_columns_without_a_header_are_let_through_unless_all_are() -> None:
    check_headers(["", "a", ""])
    with pytest.raises(InputError, match="it is blank"):
        check_headers(["", " "])


@pytest.mark.parametrize(
    ("headers", "cells", "data"),
    [
        (["1", "Male", "19"], [["2", "3"], ["Male", "Female"], ["20", "21"]], True),
        (["1", "Ann", "19"], [["2", "3"], ["Bob", "Cid"], ["20", "21"]], True),
        (["id", "name", "age"], [["2", "3"], ["Bob", "Cid"], ["20", "21"]], False),
        (["id", "2023", "2024"], [["a", "b"], ["20", "21"], ["1", "2"]], False),
        (["Gender"], [["Gender", "m"]], False),
        (["5"], [["x"]], False),
    ],
)
def test_a_first_line_of_data_is_told_from_headers(
    headers: list[str], cells: list[list[str]], data: bool
) -> None:
    assert looks_like_data(headers, cells) is data


def test_columns_without_a_header_are_named_by_their_place() -> None:
    assert named(["", "b", "", "column_1", "Column_3"]) == [
        "column_1_2",
        "b",
        "column_3_2",
        "column_1",
        "Column_3",
    ]
