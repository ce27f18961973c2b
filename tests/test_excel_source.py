"""Checks that an Excel sheet is read as the text that a person would type for its cells."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from pyarrow import parquet

from inference import InputError, Segmenter
from tests.scored_files import rows, score

HEADER = ["CustomerID", "Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)"]


def workbook(*lines: list[Any], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook whose first sheet has these rows."""
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    if change is not None:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def drawn(draw: Callable[[Any], None]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        draw(book)
    return content.getvalue()


def test_numbers_and_numbers_as_text_are_the_same(published: Segmenter) -> None:
    found = rows(
        published, workbook(HEADER, ["00123", "Female", 31, 17, 40], [7, " FEMALE ", "31", "17.0", "40"])
    )
    assert [row["CustomerID"] for row in found] == ["00123", "7"]
    assert found[0]["novelty"] == found[1]["novelty"] != ""


def test_cells_are_as_typed(published: Segmenter) -> None:
    stamp = dt.datetime(2020, 1, 1, 3, 4)
    source = workbook(
        [*HEADER, "a", "b", "c", "d", "e"],
        ["1", "f", 0.1, 1e3, 40, True, dt.date(2020, 1, 1), stamp, dt.time(1, 2), 2**53],
    )
    row = rows(published, source)[0]
    assert [row[name] for name in "abcde"] == [
        "TRUE",
        "2020-01-01",
        "2020-01-01 03:04:00",
        "01:02:00",
        str(2**53),
    ]
    assert (row["Age"], row["Annual Income (k$)"], row["route"]) == ("0.1", "1000", "complete")


def test_dates_and_booleans_cost_their_row(published: Segmenter) -> None:
    source = workbook(
        HEADER, ["1", "f", 20, dt.date(2020, 1, 1), 2], ["2", "f", 20, 1, True], ["3", "f", 20, 1, 2]
    )
    found = rows(published, source)
    assert [row["route"] for row in found] == ["error", "error", "complete"]
    assert found[0]["error"].startswith(
        "row 2: column 'annual_income' must be a number, but it is '2020-01-01'"
    )


def test_formulas_are_read_by_their_values_and_errors_are_blank(published: Segmenter) -> None:
    def draw(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for row, value in ((1, 40), (2, "#DIV/0!")):
            sheet.write_row(row, 0, [row, "F", 1, 2])
            sheet.write_formula(row, 4, "=A1+2", None, value)

    found = rows(published, drawn(draw))
    assert [row[HEADER[4]] for row in found] == ["40", ""]
    assert [row["route"] for row in found] == ["complete", "partial"]


def test_only_the_first_cell_of_merged_ones_has_the_value(published: Segmenter) -> None:
    source = workbook(
        HEADER,
        ["1", "F", 1, 2, 3],
        ["2", None, 1, 2, 3],
        change=lambda book: book.active.merge_cells("B2:B3"),
    )
    assert [row["Gender"] for row in rows(published, source)] == ["F", ""]


def test_blank_rows_are_no_rows_and_places_count_them(published: Segmenter) -> None:
    source = workbook([], [], HEADER, ["1", "F", 1, 2, 3], [], ["2", "F", 1, 2, "x"], [])
    found = rows(published, source)
    assert [row["CustomerID"] for row in found] == ["1", "2"]
    assert found[1]["error"].startswith("row 6: ")


def test_takes_the_first_shown_sheet_with_cells_or_the_one_that_is_reported(published: Segmenter) -> None:
    def draw(book: Any) -> None:
        book.add_worksheet("hidden").hide()
        book.add_chartsheet("chart")
        for name, person in (("first", "1"), ("second", "2")):
            sheet = book.add_worksheet(name)
            sheet.write_row(3, 2, HEADER)
            sheet.write_row(4, 2, [person, "F", 1, 2, 3])
        book.get_worksheet_by_name("first").activate()

    data, scored = score(published, drawn(draw))
    assert scored.reading.assumed == ("Excel, sheet 'first' (not read: 2 more sheets, 'hidden', 'second')",)
    assert b'\n"1",' in data
    assert b'\n"2",' in score(published, drawn(draw), sheet="second")[0]
    with pytest.raises(
        InputError, match=r"but it is 'third'; choose one of the sheets 'hidden', 'first', 'second'"
    ):
        score(published, drawn(draw), sheet="third")


def test_a_parquet_file_of_it_is_text(published: Segmenter) -> None:
    data, _ = score(published, workbook(HEADER, ["1", "F", 1, 2, 3]), output_format="parquet")
    assert {str(kind) for kind in parquet.read_schema(io.BytesIO(data)).types[:5]} == {"string"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbook(), "it is empty"),
        (workbook(HEADER), "header only"),
        (workbook([1, "F", 19, 15, 39], [2, "F", 20, 15, 39]), "looks like a row"),
        (workbook([*HEADER, "AGE"], ["1", "F", 1, 2, 3, 4]), "must differ by more than case"),
        (workbook(HEADER[:4], ["1", "F", 1, 2]), "column 'spending_score' is missing"),
        (workbook(HEADER, ["1", "F", 1, 2, 3])[:3000], "looks like Excel but cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "looks like Excel but cannot be read"),
        (drawn(lambda book: book.add_chartsheet()), "must have a sheet with cells"),
    ],
    ids=["empty", "header", "no header", "alike", "missing", "cut", "old", "chart"],
)
def test_refuses_what_is_not_a_table(published: Segmenter, content: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        score(published, content)


@pytest.mark.parametrize("options", [{"max_rows": 1}, {"max_bytes": 100}])
def test_limits_hold(published: Segmenter, options: dict[str, int]) -> None:
    with pytest.raises(InputError, match="must have at most"):
        score(published, workbook(HEADER, *[["1", "F", 1, 2, 3]] * 2), **options)
