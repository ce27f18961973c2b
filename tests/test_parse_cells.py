"""Checks that a file's cells become the graph's values by the validation rules, without guessing."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from inference import Segmenter
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.read.parse_cells import parse_cells
from inference.kinds.row_problems import RowProblems

COMMAS = NumberReading(decimal_mark=",", thousands_marks=(".",))


def settled(
    segmenter: Segmenter, name: str, cells: pa.Array, *, reading: NumberReading | None = None
) -> tuple[list[Any], dict[int, tuple[str, str]]]:
    problems = RowProblems(len(cells))
    values = parse_cells(segmenter.contract.column(name), cells, problems, reading)
    return values.tolist(), dict(problems)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5.0),
        ("+5", 5.0),
        ("-0", 0.0),
        ("5.", 5.0),
        (".5", 0.5),
        ("+.5e1", 5.0),
        ("1e2", 100.0),
        ("1E+02", 100.0),
        (" 5\t", 5.0),
        ("\N{NO-BREAK SPACE}5\N{THIN SPACE}", 5.0),
        ("005", 5.0),
        ("0.1", 0.1),
        ("\N{FULLWIDTH DIGIT FIVE}", 5.0),
        ("\N{ARABIC-INDIC DIGIT ONE}", 1.0),
        ("\N{MINUS SIGN}0", 0.0),
    ],
)
def test_reads_numbers_as_written(published: Segmenter, text: str, number: float) -> None:
    # the second cell sends the column through the careful way, the first alone through the fast one
    for cells in ([text], [text, ""]):
        values, problems = settled(published, "age", pa.array(cells))
        assert (values[0], problems) == (number, {})


@pytest.mark.parametrize(
    "text", ["5 \N{MICRO SIGN}g", "5\N{GREEK SMALL LETTER MU}G", "5 \N{GREEK CAPITAL LETTER MU}g"]
)
def test_a_unit_is_removed_in_every_case_of_its_letters(published: Segmenter, text: str) -> None:
    reading = NumberReading(units=("\N{MICRO SIGN}g".casefold(),))
    assert settled(published, "age", pa.array([text, ""]), reading=reading)[0][0] == 5.0


@pytest.mark.parametrize(
    "unit", ["\N{DESERET SMALL LETTER LONG I}", "\N{LINEAR B SYLLABLE B008 A}", "\N{KELVIN SIGN}"]
)
def test_a_unit_of_any_script_is_removed(published: Segmenter, unit: str) -> None:
    reading = NumberReading(units=(unit.casefold(),))
    for text in (f"5{unit}", f"5 {unit.upper()}", f"5 {unit.lower()}"):
        assert settled(published, "age", pa.array([text, ""]), reading=reading)[0][0] == 5.0


NO_NUMBERS = (
    "0x1F|1_000|1\N{NO-BREAK SPACE}000|\N{ROMAN NUMERAL FIVE}|\N{SUPERSCRIPT TWO}"
    "|$5|5 \N{EURO SIGN}|5%|1,000|12,5|1.2.3|5-|--5|e5|five|True|2020-01-05|05.01.2020|1/2/2020|1 000"
)


@pytest.mark.parametrize("text", NO_NUMBERS.split("|"))
def test_refuses_what_is_no_plain_number_and_only_that_row(published: Segmenter, text: str) -> None:
    values, problems = settled(published, "annual_income", pa.array(["5", text, "6"]))
    assert list(problems) == [1]
    assert problems[1][0] == "annual_income"
    assert repr(text) in problems[1][1]
    assert [values[0], values[2]] == [5.0, 6.0]
    assert np.isnan(values[1])


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e308", "-1e39", "1e400", "10001", "-1"])
def test_refuses_numbers_out_of_range(published: Segmenter, text: str) -> None:
    for cells in (["5", text], ["5", text, ""]):
        _, problems = settled(published, "annual_income", pa.array(cells))
        assert list(problems) == [1]


@pytest.mark.parametrize("word", ["", " ", "NA", "n/a", "#N/A", "NaN", "null", "None", "<NA>"])
@pytest.mark.parametrize("name", ["age", "gender"])
def test_takes_words_for_missing_as_missing(published: Segmenter, word: str, name: str) -> None:
    values, problems = settled(published, name, pa.array([word]))
    assert problems == {}
    assert values[0] == "" or np.isnan(values[0])


@pytest.mark.parametrize("text", ["Female", "f", " FEMALE ", "W", "woman\n"])
def test_knows_categories_by_every_spelling(published: Segmenter, text: str) -> None:
    assert settled(published, "gender", pa.array([text])) == (["Female"], {})


def test_every_row_of_a_refused_category_is_reported(published: Segmenter) -> None:
    values, problems = settled(published, "gender", pa.array(["x", "m", "x", None]))
    assert values == ["", "Male", "", ""]
    assert sorted(problems) == [0, 2]
    assert "must be one of 'Female', 'Male', but it is 'x'" in problems[2][1]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12,5", 12.5), ("1.234,5", 1234.5), ("1.234", 1234.0), (",5", 0.5), ("+3", 3.0), ("1,5e1", 15.0)],
)
def test_reads_decimal_commas_where_the_column_has_them(
    published: Segmenter, text: str, number: float
) -> None:
    assert settled(published, "annual_income", pa.array([text]), reading=COMMAS) == ([number], {})


@pytest.mark.parametrize("text", ["12.5", "1,2,3", "1.23,4", ",", "+", "1,5%"])
def test_refuses_other_marks_in_a_column_of_decimal_commas(published: Segmenter, text: str) -> None:
    assert list(settled(published, "annual_income", pa.array([text]), reading=COMMAS)[1]) == [0]


def test_says_how_to_write_a_number_with_the_wrong_mark(published: Segmenter) -> None:
    assert (
        "write 12.5, or set the column's decimal mark to a comma"
        in settled(published, "age", pa.array(["12,5"]))[1][0][1]
    )
    assert "write 12,5, or set" in settled(published, "age", pa.array(["12.5"]), reading=COMMAS)[1][0][1]
    grouped = settled(published, "age", pa.array(["1,000"]))[1][0][1]
    assert "write 1000 or 1.000, whichever is meant" in grouped
    assert "looks like a date" in settled(published, "age", pa.array(["2020-01-05"]))[1][0][1]


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([31, None], pa.int8()),
        pa.array([31, None], pa.uint64()),
        pa.array([31.0, None], pa.float16()),
        pa.array([decimal.Decimal("31.00"), None], pa.decimal128(6, 2)),
        pa.array([31, None]).dictionary_encode(),
        pa.array(["31", None]).dictionary_encode(),
        pa.array(["31", None], pa.large_string()),
        pa.array(["31", None], pa.string_view()),
        pa.array([b"31", None], pa.binary()),
    ],
    ids=lambda cells: str(cells.type),
)
def test_reads_every_type_that_holds_numbers(published: Segmenter, cells: pa.Array) -> None:
    values, problems = settled(published, "age", cells)
    assert problems == {}
    assert values[0] == 31.0
    assert np.isnan(values[1])


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([True, None]),
        pa.array([dt.date(2020, 1, 1), None]),
        pa.array([1, None], pa.timestamp("ns")),
        pa.array([1, None], pa.timestamp("us", "UTC")),
        pa.array([1, None], pa.time64("ns")),
        pa.array([b"\xff", None]),
        pa.array([[1], None]),
        pa.array([{"a": 1}, None]),
        pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    ],
    ids=lambda cells: str(cells.type),
)
@pytest.mark.parametrize("name", ["age", "gender"])
def test_refuses_every_other_type_row_by_row(published: Segmenter, cells: pa.Array, name: str) -> None:
    _, problems = settled(published, name, cells)
    assert list(problems) == [0]
    assert f"column '{name}' must be" in problems[0][1]


def test_durations_are_numbers_of_days_and_no_categories(published: Segmenter) -> None:
    durations = pa.array([31 * 86_400, None], pa.duration("s"))  # and not of years, as an age is
    assert settled(published, "annual_income", durations)[0][0] == 31.0
    assert list(settled(published, "age", durations)[1]) == [0]
    assert list(settled(published, "gender", durations)[1]) == [0]


def test_columns_of_nothing_are_missing(published: Segmenter) -> None:
    assert settled(published, "gender", pa.nulls(2)) == (["", ""], {})
    assert np.isnan(settled(published, "age", pa.nulls(2))[0]).all()


@pytest.mark.parametrize("name", ["age", "gender"])
def test_no_rows_are_no_values(published: Segmenter, name: str) -> None:
    assert settled(published, name, pa.array([], pa.string())) == ([], {})
