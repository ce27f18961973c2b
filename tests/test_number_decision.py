# ruff: noqa: RUF001 - numbers in other scripts
"""Checks that the numbers of a column are read in one way that its cells show, or not at all."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.numbers.number_shapes import number_shape
from inference.files.columns.refusal import CURRENCY, UNIT, FileHints, Refusal
from tests.read_numbers import COMMA, SEMICOLON, read

NAN = float("nan")


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["$1,200.00", "$5", "-$3.50", "$-2", "($7.00)", "USD 3"], [1200, 5, -3.5, -2, -7, 3]),
        (["1.200,00 €", "5 €", "-3,5 €", "3,5- €", "EUR 8,10"], [1200, 5, -3.5, -3.5, 8.1]),
        (["(987.65)", "1,005.00", "(3.00)"], [-987.65, 1005, -3]),
        (["123.00-", "5.10"], [-123, 5.1]),
        (["1\u202f234,56 €", "5\u00a0000,1 €", "1 000 €"], [1234.56, 5000.1, 1000]),
        (["1'234.50", "1\u2019000.25"], [1234.5, 1000.25]),
        (["12,34,567.50", "1,00,000"], [1234567.5, 100000]),
        (["1.2k", "3M", "900"], [1200, 3e6, 900]),
        (["$1.2m", "$3"], [1.2e6, 3]),
        (["1,5 Mio. €", "200 Tsd. €"], [1.5e6, 2e5]),
        (["١٬٢٣٤٫٥", "٣"], [1234.5, 3]),
        (["१२३", "४५"], [123, 45]),
        (["\uff11\uff0c\uff12\uff13\uff14円", "5円"], [1234, 5]),
        (["1½", "2", "1/2", "-3 1/4"], [1.5, 2, 0.5, -3.25]),
        (["5 kg", "6kg", "7"], [5, 6, 7]),
        (["5 orders", "1 order"], [5, 1]),
        (["Fr. 12.50", "Fr. 1'200.00"], [12.5, 1200]),
        (["12 kr.", "1.200,50 kr."], [12, 1200.5]),
        (["R$ 1.200,50", "R$ 3,00"], [1200.5, 3]),
        (["1.5E+03", "2e-1"], [1500, 0.2]),
        (["'9013", "+12", "\u22123"], [9013, 12, -3]),
        (["0.125", "0.250", "1.125"], [0.125, 0.25, 1.125]),
        (["38.1%", "5 %", "0"], [38.1, 5, 0]),
        (["12,5%", "3 %"], [12.5, 3]),
        (["1.234.567", "2.076"], [1234567, 2076]),
        (["445.57", "2,076"], [445.57, 2076]),
    ],
)
def test_reads_numbers_as_people_print_them(cells: list[str | None], numbers: list[float]) -> None:
    assert read(cells) == (numbers, [False] * len(cells))


@pytest.mark.parametrize(
    "word", ["-", "\u2014", "?", "\\N", "#DIV/0!", "(blank)", "(No value)", "n/a", "NaN", ""]
)
def test_takes_words_for_missing_as_missing_beside_numbers(word: str) -> None:
    numbers, misfits = read(["445.57", word, None, " 3 "])
    np.testing.assert_array_equal(numbers, [445.57, NAN, NAN, 3.0])
    assert not any(misfits)


def test_adds_the_words_for_missing_of_the_user() -> None:
    numbers, misfits = read(["1", "keine Angabe"], FileHints(missing_words=("Keine Angabe",)))
    np.testing.assert_array_equal(numbers, [1.0, NAN])
    assert not any(misfits)


@pytest.mark.parametrize("odd", ["soon", "inf", "12,5", "1e999", "1.2.3", "5 6", "--5", "0x10", "5%"])
def test_reports_a_cell_that_does_not_fit_and_does_not_change_it(odd: str) -> None:
    numbers, misfits = read([*["1.5", "2.5"] * 30, odd])
    assert np.isnan(numbers[-1])
    assert misfits == [False] * 60 + [True]


def test_does_not_mix_printed_percentages_with_plain_numbers() -> None:
    assert read(["38.1%", "12%", "0.3"])[1] == [False, False, True]


@pytest.mark.parametrize(
    ("cells", "needed"),
    [(["$5", "\u20ac6"], CURRENCY), (["5 USD", "6 EUR"], CURRENCY), (["5 kg", "300 g"], UNIT)],
)
def test_refuses_two_currencies_or_units_by_name(cells: list[str], needed: str) -> None:
    refusal = decide_numbers(pa.array(cells), name="Spend")
    assert isinstance(refusal, Refusal)
    assert refusal.needed == needed
    for cell in cells:
        assert repr(cell.strip("0123456789 ")) in refusal.sentence()


@pytest.mark.parametrize(
    "cells",
    [
        ["12 rue X", "5 Main St"],
        ["1st", "2nd", "3rd"],
        ["12a", "3b"],
        ["2B", "3C"],
        ["10-20", "20-30"],
        ["31.12.2023"],
        ["1.2.3"],
        ["+49 30 7015227"],
        ["Basic", "Plus"],
        ["#1001", "#1002"],
        ["1/2", "1/3"],
        ["-", ""],
    ],
)
def test_takes_other_texts_for_no_numbers(cells: list[str]) -> None:
    assert decide_numbers(pa.array(cells)) is None


def test_says_once_what_is_removed() -> None:
    reading = decide_numbers(pa.array(["1.200,00 \u20ac", "(5,10 \u20ac)"]))
    assert isinstance(reading, NumberReading)
    assert reading.sentence() == (
        "decimal mark ',', thousands separator '.', the currency '\u20ac' removed, (1) is -1"
    )


def test_reads_typed_numbers_and_dictionaries() -> None:
    for array in (
        pa.array([1, 2], pa.int32()),
        pa.array([1.0, 2.0]),
        pa.array(["1", "2"]).dictionary_encode(),
        pa.chunked_array([["1"], ["2"]]),
        pa.array(["1", "2"], pa.string_view()),
    ):
        reading = decide_numbers(array)
        assert isinstance(reading, NumberReading)
        assert apply_numbers(reading, array)[0].tolist() == [1.0, 2.0]


def test_has_no_answer_for_dates_by_type() -> None:
    assert decide_numbers(pa.array([1, 2], pa.date32())) is None
    values, misfits = apply_numbers(NumberReading(), pa.array([1, None], pa.date32()))
    assert np.isnan(values).all()
    assert misfits.tolist() == [True, False]


STYLES = {  # decimal mark, thousands mark, before, after
    "english": (".", ",", "", ""),
    "german": (",", ".", "", " \u20ac"),
    "french": (",", "\u202f", "", "\u00a0\u20ac"),
    "swiss": (".", "\u2019", "CHF ", ""),
    "american": (".", ",", "$", ""),
    "percent": (",", "", "", " %"),
    "plain": (".", "", "", ""),
    "comma": (",", "", "", ""),
    "unit": (".", ",", "", " kg"),
}
AMOUNTS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20)


def printed(cents: int, style: str) -> str:
    decimal, thousands, before, after = STYLES[style]
    text = f"{abs(cents) / 100:,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands)
    return f"{'-' if cents < 0 else ''}{before}{text}{after}"


@given(AMOUNTS, st.sampled_from(sorted(STYLES)))
def test_reads_back_what_a_locale_prints(cents: list[int], style: str) -> None:
    numbers, misfits = read([printed(each, style) for each in cents])
    assert numbers == [each / 100 for each in cents]
    assert not any(misfits)


CELLS = st.lists(
    st.one_of(
        st.text(alphabet="0123456789.,' -+()%$\u20acekM\u00a0", max_size=9),
        st.sampled_from(["445", "2.076", "2,076", "1.234,5", "$5", "-", "12%", "0.5", "3 kg", "7-", "1/2"]),
    ),
    min_size=1,
    max_size=12,
)


@given(CELLS, st.randoms(use_true_random=False), st.sampled_from([SEMICOLON, COMMA, FileHints()]))
def test_decides_the_same_whatever_the_order_of_the_rows(
    cells: list[str], random: object, hints: FileHints
) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random of Hypothesis
    first, second = (decide_numbers(pa.array(each), hints=hints) for each in (cells, shuffled))
    assert first == second


@given(CELLS)
def test_reads_a_cell_alone_as_in_a_batch(cells: list[str]) -> None:
    reading = decide_numbers(pa.array(cells), expected=NumberReading(decimal_mark="."))
    if not isinstance(reading, NumberReading):
        return
    numbers, misfits = apply_numbers(reading, pa.array(cells))
    for row, cell in enumerate(cells):
        number, misfit = apply_numbers(reading, pa.array([cell]))
        np.testing.assert_array_equal(number, numbers[row : row + 1])
        assert misfit.tolist() == [misfits[row]]
    assert not (misfits & np.isfinite(numbers)).any()


@given(CELLS)
def test_a_reading_comes_back_from_json(cells: list[str]) -> None:
    reading = decide_numbers(pa.array(cells))
    if isinstance(reading, NumberReading):
        assert NumberReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_a_stored_reading_holds_no_cell() -> None:
    reading = decide_numbers(pa.array(["2.076", "445"]), hints=SEMICOLON)
    assert isinstance(reading, NumberReading)
    assert reading.evidence
    assert "evidence" not in reading.to_json()


@pytest.mark.parametrize("cell", ["9:\n:", "9 Main Street\nApt 9", "a\nb 9", "9\n9"])
def test_cells_of_several_lines_are_no_numbers(cell: str) -> None:
    assert number_shape(cell) is None
