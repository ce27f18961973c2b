"""Checks that a mark is taken for decimals or thousands by evidence, or not at all."""

from __future__ import annotations

import pyarrow as pa
import pytest

from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.refusal import DECIMAL_MARK, FileHints, Refusal
from tests.read_numbers import COMMA, SEMICOLON, TAB, read


@pytest.mark.parametrize(
    ("cells", "hints", "number"),
    [
        (["2.076", "445"], SEMICOLON, 2076.0),
        (["2,076", "445"], COMMA, 2076.0),
        (["2.076", "445"], FileHints(decimal_mark=","), 2076.0),
        (["2.076", "445"], FileHints(decimal_mark="."), 2.076),
        (["2,076", "445"], FileHints(separator=";", decimal_mark=","), 2.076),
        (["2.076", "1445"], SEMICOLON, 2.076),
        (["2.076", "12.345", "0.123"], COMMA, 2.076),
        (["2.076", "12.345", "1234.567"], COMMA, 2.076),
        (["2.076", "12.34"], COMMA, 2.076),
        (["2,076", "12,345"], COMMA, 2076.0),
        (["2.076 €", "445 €"], COMMA, 2076.0),
        ([f"2.{number}" for number in range(100, 150)] + ["445"], TAB, 2100.0),
    ],
)
def test_tells_thousands_from_decimals_by_the_evidence(
    cells: list[str | None], hints: FileHints, number: float
) -> None:
    assert read(cells, hints)[0][0] == number


@pytest.mark.parametrize(
    ("cells", "hints"),
    [
        (["2.076", "445"], COMMA),
        (["2.076", "5.678"], COMMA),
        ([f"{number / 1000:.3f}" for number in range(1001, 1100)], COMMA),
        (["2.076", "445"], TAB),
        (["2,076", "445"], SEMICOLON),
        (["2.076", "5.678"], SEMICOLON),
        (["2.076", "0"], SEMICOLON),
        (["1.234", "1,234"], SEMICOLON),
        (["12.5", "3,7"], COMMA),
        (["1.234,5", "1,234.5"], COMMA),
        (["2.076", "1445"], FileHints(decimal_mark=",")),
    ],
)
def test_does_not_guess_the_decimal_mark(cells: list[str], hints: FileHints) -> None:
    refusal = decide_numbers(pa.array(cells), name="Umsatz", hints=hints)
    assert isinstance(refusal, Refusal)
    assert (refusal.needed, refusal.choices) == (DECIMAL_MARK, (".", ","))
    assert "'Umsatz'" in refusal.sentence()
    assert "set the decimal mark: '.' or ','" in refusal.sentence()


@pytest.mark.parametrize(
    ("cells", "hints", "note"),
    [
        (
            ["2.076", "12.345"],
            FileHints(separator=",", decimal_mark="."),
            "decimal mark '.', because other columns of the file have the decimal mark '.'",
        ),
        (
            ["2.076", "1445"],
            SEMICOLON,
            "decimal mark '.', because 1 cell of four digits or more has no mark",
        ),
        (
            ["2.076", "445", "12"],
            SEMICOLON,
            "decimal mark ',', thousands separator '.', because 2 cells of up to three digits and none of "
            "more have no mark and the separator is ';'",
        ),
        (["2,076", "12,345"], COMMA, "thousands separator ',', because the separator is ','"),
        (["2.076", "0.5"], COMMA, ""),
    ],
)
def test_reports_what_decided_numbers_that_read_with_both_marks(
    cells: list[str], hints: FileHints, note: str
) -> None:
    reading = decide_numbers(pa.array(cells), name="Spend", hints=hints)
    assert isinstance(reading, NumberReading)
    assert reading.note() == note


def test_takes_the_decimal_mark_that_the_user_set() -> None:
    for mark, number in ((".", 2.076), (",", 2076.0)):
        reading = decide_numbers(pa.array(["2.076"]), decimal_mark=mark)
        assert isinstance(reading, NumberReading)
        assert apply_numbers(reading, pa.array(["2.076"]))[0].tolist() == [number]


def test_does_not_read_a_later_cell_that_could_be_thousands_without_evidence() -> None:
    reading = decide_numbers(pa.array(["445", "12"]), hints=SEMICOLON)
    assert isinstance(reading, NumberReading)
    assert apply_numbers(reading, pa.array(["2.076", "2,076", "7.5"]))[1].tolist() == [True, True, False]


def test_takes_one_decimal_comma_among_whole_numbers_as_a_slip_where_commas_part_cells() -> None:
    assert read(["5", "7", "12,5"], COMMA)[1] == [False, False, True]
    assert read([*["5", "7"] * 50, "12,5"], SEMICOLON)[0][-1] == 12.5
    assert read([*["5", "7"] * 50, "12,5"], TAB)[1][-1]
