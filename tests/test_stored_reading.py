"""Checks that a new file is read as the one a model was trained with, and never misread in silence."""

from __future__ import annotations

import pyarrow as pa
import pytest

from inference.files.columns.dates.date_cells import apply_dates
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.refusal import CURRENCY, DATE_ORDER, DECIMAL_MARK, UNIT, FileHints, Refusal
from inference.files.columns.stored_reading import DatesAgain, NumbersAgain, dates_again, numbers_again


def stored(*cells: str) -> NumberReading:
    reading = decide_numbers(pa.array(cells), hints=FileHints(separator=";"))
    assert isinstance(reading, NumberReading)
    return reading


def numbers(earlier: NumberReading, *cells: str) -> tuple[list[float], tuple[str, ...]]:
    again = numbers_again(earlier, pa.array(cells), name="Spend")
    assert isinstance(again, NumbersAgain), again
    return apply_numbers(again.reading, pa.array(cells))[0].tolist(), again.notices


GERMAN, AMERICAN = stored("445,57", "2.076,48"), stored("445.57", "2,076.48")


def test_what_the_new_file_leaves_open_is_read_as_before() -> None:
    assert numbers(GERMAN, "2.076") == ([2076.0], ())
    assert numbers(AMERICAN, "2.076") == ([2.076], ())
    assert numbers(AMERICAN, "2,076") == ([2076.0], ())
    assert numbers(AMERICAN, "$2,076.48", "(3.00)") == ([2076.48, -3.0], ())


def test_what_the_new_file_shows_is_read_so_and_noticed() -> None:
    read, notices = numbers(GERMAN, "445.57", "2,076.48")
    assert read == [445.57, 2076.48]
    assert notices == ("this file has the decimal mark '.', the earlier one ','",)


def test_refuses_where_the_new_file_and_the_stored_reading_contradict_each_other() -> None:
    refusal = numbers_again(AMERICAN, pa.array(["2.076", "445"]), hints=FileHints(separator=";"))
    assert isinstance(refusal, Refusal)
    assert refusal.needed == DECIMAL_MARK


@pytest.mark.parametrize(
    ("earlier", "cells", "needed"),
    [
        (("$5", "$6"), ["5 €"], CURRENCY),
        (("5 kg", "6 kg"), ["5 lb"], UNIT),
        (("38.1%", "5%"), ["0.381", "0.05"], UNIT),
    ],
)
def test_refuses_another_currency_or_unit(earlier: tuple[str, ...], cells: list[str], needed: str) -> None:
    refusal = numbers_again(stored(*earlier), pa.array(cells), name="Spend")
    assert isinstance(refusal, Refusal)
    assert refusal.needed == needed


def test_the_sign_may_be_missing_in_the_new_file() -> None:
    assert numbers(stored("$5", "$6"), "7") == ([7.0], ())
    assert numbers(stored("5 kg", "6 kg"), "7", "8 kg") == ([7.0, 8.0], ())


def test_notices_percent_signs_in_one_file_only() -> None:
    read, notices = numbers(stored("38.1%", "5%"), "38.1")
    assert read == [38.1]
    assert notices == ("only the earlier file had percent signs; the numbers are read as they are printed",)


def test_a_column_of_words_stays_a_column_of_numbers() -> None:
    again = numbers_again(AMERICAN, pa.array(["soon", "-", "later", "never"]))
    assert isinstance(again, NumbersAgain)
    assert apply_numbers(again.reading, pa.array(["soon", "-"]))[1].tolist() == [True, False]


def test_dates_without_evidence_are_read_as_before() -> None:
    earlier = DateReading(order="DMY", sign="/")
    again = dates_again(earlier, pa.array(["03/04/2022"]))
    assert isinstance(again, DatesAgain)
    assert apply_dates(again.reading, pa.array(["03/04/2022"]))[0].tolist() == [19085.0]
    assert again.notices == ()


def test_dates_that_show_another_order_are_read_so_and_noticed() -> None:
    again = dates_again(DateReading(order="DMY", sign="/"), pa.array(["09/22/2022"]))
    assert isinstance(again, DatesAgain)
    assert again.reading.order == "MDY"
    assert again.notices == ("the dates of this file are MDY, the earlier ones DMY",)


def test_dates_in_a_new_form_without_evidence_are_refused() -> None:
    refusal = dates_again(DateReading(order="YMD", sign="-"), pa.array(["03/04/2022"]))
    assert isinstance(refusal, Refusal)
    assert refusal.needed == DATE_ORDER


def test_a_single_compact_date_is_read_where_the_earlier_file_had_dates() -> None:
    again = dates_again(DateReading(layout="compact"), pa.array(["20240630"]))
    assert isinstance(again, DatesAgain)
    assert apply_dates(again.reading, pa.array(["20240630"]))[0].tolist() == [19904.0]
