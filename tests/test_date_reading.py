# ruff: noqa: RUF001 - dates in other scripts
"""Checks that the dates of a column are read in one order, which a cell shows or the user sets."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.dates import day_number, iso_date
from inference.files.columns.dates.calendar_words import _MONTHS, MONTHS, folded
from inference.files.columns.dates.date_cells import apply_dates
from inference.files.columns.dates.date_decision import decide_dates
from inference.files.columns.dates.date_reading import (
    EPOCH_MILLISECONDS,
    EPOCH_SECONDS,
    EXCEL_SERIAL,
    DateReading,
)
from inference.files.columns.refusal import DATE_LAYOUT, DATE_ORDER, SAME_FORM, FileHints, Refusal


def read(cells: list[str | None], hints: FileHints | None = None, layout: str = "") -> list[str | None]:
    reading = decide_dates(pa.array(cells), name="Since", hints=hints, layout=layout)
    assert isinstance(reading, DateReading), reading
    days, misfits = apply_dates(reading, pa.array(cells))
    assert not (misfits & np.isfinite(days)).any()
    shown = ["misfit" if misfit else None for misfit in misfits.tolist()]
    return [iso_date(day) if np.isfinite(day) else shown[row] for row, day in enumerate(days.tolist())]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-09-22", "2022-09-22"),
        ("2022-09-22T23:15:39Z", "2022-09-22"),
        ("2022-09-22 23:15:39 +0200", "2022-09-22"),
        ("2022-09-22T23:15:39.123-08:00", "2022-09-22"),
        ("2022/9/22", "2022-09-22"),
        ("9/22/2022, 9:12:00 AM", "2022-09-22"),
        ("9/22/2022, 9:12:00\u202fAM", "2022-09-22"),
        ("9/22/2022 23:15", "2022-09-22"),
        ("22.09.2022 10:00 Uhr".removesuffix(" Uhr"), "2022-09-22"),
        ("09:12 22/09/2022", "2022-09-22"),
        ("Thu Sep 22 2022 09:12:00 GMT+0200 (CEST)", "2022-09-22"),
        ("Thu Sep 22 2022 09:12:00 GMT+0200 (Central European Summer Time)", "2022-09-22"),
        ("Thu, 22 Sep 2022 09:12:00 +0200", "2022-09-22"),
        ("Thu, 22 Sep 2022 09:12:00 GMT", "2022-09-22"),
        ("Thu Sep 22 09:12:00 CEST 2022", "2022-09-22"),
        ("September 22nd, 2022", "2022-09-22"),
        ("22-Sep-22", "2022-09-22"),
        ("22 de septiembre de 2022", "2022-09-22"),
        ("jeu. 22 sept. 2022", "2022-09-22"),
        ("mar. 5 mars 2024", "2024-03-05"),
        ("Donnerstag, 22. September 2022", "2022-09-22"),
        ("22 set 2022", "2022-09-22"),
        ("22 settembre 2022", "2022-09-22"),
        ("22 mrt 2022", "2022-03-22"),
        ("22 сентября 2022 г.", "2022-09-22"),
        ("22 wrze\u015bnia 2022", "2022-09-22"),
        ("22 Eyl\u00fcl 2022 Per\u015fembe", "2022-09-22"),
        ("22 KASIM 2022", "2022-11-22"),
        ("2024年6月30日", "2024-06-30"),
        ("2024年6月30日(日)", "2024-06-30"),
        ("\uff12\uff10\uff12\uff14/06/30", "2024-06-30"),
    ],
)
def test_reads_a_date_as_it_is_written(text: str, day: str) -> None:
    assert read([text, None, "-", "0000-00-00"]) == [day, None, None, None]


def test_reads_every_month_name_of_the_ten_languages() -> None:
    for number, words in enumerate(_MONTHS, 1):
        for word in words.split():
            assert read([f"13 {word} 2024"]) == [f"2024-{number:02}-13"], word


def test_no_month_name_means_two_months() -> None:
    for number, words in enumerate(_MONTHS, 1):
        assert {MONTHS[folded(word)] for word in words.split()} == {number}


def test_one_cell_shows_the_order_of_all() -> None:
    assert read(["03/04/2022", "22/09/2022"]) == ["2022-04-03", "2022-09-22"]
    assert read(["03/04/2022", "09/22/2022"]) == ["2022-03-04", "2022-09-22"]


@pytest.mark.parametrize(
    ("hints", "day"),
    [
        (FileHints(date_order="DMY"), "2022-04-03"),
        (FileHints(date_order="MDY"), "2022-03-04"),
    ],
)
def test_other_columns_show_the_order(hints: FileHints, day: str) -> None:
    assert read(["03/04/2022"], hints) == [day]


def test_points_in_a_file_with_decimal_commas_are_day_first() -> None:
    assert read(["03.04.2022"], FileHints(decimal_mark=",")) == ["2022-04-03"]


@pytest.mark.parametrize(
    ("cells", "needed", "choices"),
    [
        (["03/04/2022", "05/06/2022"], DATE_ORDER, ("DMY", "MDY")),
        (["03.04.2022"], DATE_ORDER, ("DMY", "MDY")),
        (["24/06/30"], DATE_ORDER, ("DMY", "YMD")),
        (["2024-06", "2024-07"], DATE_LAYOUT, ("month",)),
        (["\u4ee4\u548c6年6月30日"], DATE_LAYOUT, ("japanese era",)),
        (["2024-06-30", "30/06/2024"], SAME_FORM, ()),
        (["13/01/2024", "01/13/2024"], DATE_ORDER, ("DMY", "MDY", "YMD")),
    ],
)
def test_does_not_guess(cells: list[str], needed: str, choices: tuple[str, ...]) -> None:
    refusal = decide_dates(pa.array(cells), name="Since")
    assert isinstance(refusal, Refusal)
    assert (refusal.column, refusal.needed, refusal.choices) == ("Since", needed, choices)
    assert cells[0] in refusal.sentence()


@pytest.mark.parametrize(
    ("layout", "text", "day"),
    [
        ("DMY", "03/04/2022", "2022-04-03"),
        ("MDY", "03/04/2022", "2022-03-04"),
        ("month", "2024-06", "2024-06-01"),
        ("japanese era", "\u4ee4\u548c6年6月30日", "2024-06-30"),
        (EPOCH_SECONDS, "1664000000", "2022-09-24"),
        (EPOCH_MILLISECONDS, "1664000000000", "2022-09-24"),
        (EXCEL_SERIAL, "44826.5", "2022-09-22"),
        (EXCEL_SERIAL, "1", "1900-01-01"),
        ("%d|%m|%Y", "22|09|2022", "2022-09-22"),
    ],
)
def test_reads_what_the_user_set(layout: str, text: str, day: str) -> None:
    assert read([text], layout=layout) == [day]


def test_reads_typed_numbers_as_the_serials_that_the_user_set() -> None:
    reading = decide_dates(pa.array([44826]), layout=EXCEL_SERIAL)
    assert isinstance(reading, DateReading)
    for cells in (pa.array([44826]), pa.array([44826.25])):
        assert [iso_date(day) for day in apply_dates(reading, cells)[0]] == ["2022-09-22"]


def test_reads_eight_digits_only_where_all_are_days() -> None:
    assert read(["20240630", "20240101", "20231231"]) == ["2024-06-30", "2024-01-01", "2023-12-31"]
    assert decide_dates(pa.array(["20240630", "20240101", "12345678"])) is None
    assert decide_dates(pa.array(["20240630"])) is None
    reading = decide_dates(pa.array([20240630, 20240101, 20231231]))
    assert isinstance(reading, DateReading)
    assert apply_dates(reading, pa.array([19700102]))[0].tolist() == [1.0]


def test_two_digits_of_a_year_mean_the_window_that_it_reports() -> None:
    cells: list[str | None] = [
        f"{day:02}/{month:02}/{year}" for day in range(1, 29) for month, year in [(5, 68), (6, 69)]
    ]
    assert read(cells)[:2] == ["2068-05-01", "1969-06-01"]
    reading = decide_dates(pa.array(cells))
    assert isinstance(reading, DateReading)
    assert reading.sentence().endswith("two-digit years mean 1969 to 2068")


def test_years_of_two_digits_in_front_are_found_by_the_days_that_vary() -> None:
    cells: list[str | None] = [f"{year}/06/{day:02}" for day in range(1, 31) for year in (23, 24)]
    assert read(cells)[0] == "2023-06-01"


def test_where_every_order_agrees_a_later_cell_that_they_do_not_agree_on_is_no_date() -> None:
    reading = decide_dates(pa.array(["03/03/2024"]))
    assert isinstance(reading, DateReading)
    assert apply_dates(reading, pa.array(["03/03/2024", "03/04/2024"]))[1].tolist() == [False, True]


@pytest.mark.parametrize(
    "odd", ["2024-02-30", "soon", "1023-01-01", "9999-12-31", "01/02/2024", "2024-01-01x"]
)
def test_reports_a_cell_that_does_not_fit(odd: str) -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 32)]
    assert read([*days, odd])[-1] == "misfit"


@pytest.mark.parametrize(
    "cells", [["1.234", "5"], ["5/22"], ["Order 5"], ["192.168.1.1"], ["12:30"], ["Basic"], ["-"], ["10.5.3"]]
)
def test_takes_other_texts_for_no_dates(cells: list[str]) -> None:
    assert decide_dates(pa.array(cells)) is None


def test_takes_a_typed_time_at_its_own_local_day() -> None:
    late = datetime(2024, 3, 1, 23, 30, tzinfo=UTC)
    for kind, day in (
        (pa.timestamp("us", "Europe/Berlin"), "2024-03-02"),
        (pa.timestamp("ns", "UTC"), "2024-03-01"),
    ):
        cells = pa.array([late, None], kind)
        reading = decide_dates(cells)
        assert isinstance(reading, DateReading)
        days, misfits = apply_dates(reading, cells)
        assert iso_date(days[0]) == day
        assert not misfits.any()


def test_takes_a_typed_time_just_before_1970_at_its_day() -> None:
    cells = pa.array([-1], pa.timestamp("us"))
    assert apply_dates(DateReading(), cells)[0].tolist() == [-1.0]


FORMATS = (
    "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%d.%m.%Y", "%m/%d/%Y, %I:%M:%S %p", "%d/%m/%Y %H:%M", "%d %B %Y",
    "%a %b %d %Y %H:%M:%S GMT+0200 (CEST)", "%a, %d %b %Y %H:%M:%S +0000", "%B %d, %Y", "%Y年%m月%d日",
)  # fmt: skip
TIMES = st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)), min_size=1, max_size=15)


@given(TIMES, st.sampled_from(FORMATS), st.randoms(use_true_random=False))
def test_reads_back_what_a_format_prints(times: list[datetime], form: str, random: object) -> None:
    times = [*times, datetime(2024, 1, 31)]
    cells = [each.strftime(form) for each in times]
    reading = decide_dates(pa.array(cells))
    assert isinstance(reading, DateReading)
    days, misfits = apply_dates(reading, pa.array(cells))
    assert days.tolist() == [day_number(each) for each in times]
    assert not misfits.any()
    random.shuffle(cells)  # type: ignore[attr-defined]  # a random of Hypothesis
    assert decide_dates(pa.array(cells)) == reading
    alone = [apply_dates(reading, pa.array([cell]))[0][0] for cell in cells]
    assert alone == apply_dates(reading, pa.array(cells))[0].tolist()
    assert DateReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_reads_a_slice_of_a_column() -> None:
    start = date(2024, 1, 1)
    cells = pa.array([(start + timedelta(days=day)).strftime("%d.%m.%Y 10:00") for day in range(60)])
    reading = decide_dates(cells.slice(20, 30))
    assert isinstance(reading, DateReading)
    assert apply_dates(reading, cells.slice(20, 2))[0].tolist() == [
        day_number(start) + 20,
        day_number(start) + 21,
    ]
