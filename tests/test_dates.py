"""Checks that a date is the same day in every form, and is returned as ISO text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.dates import (
    FIRST_DAY,
    LAST_DAY,
    array_of_days,
    day_number,
    days_of_array,
    iso_date,
    read_day,
)

pytestmark = pytest.mark.fast


@given(day=st.dates())
def test_every_date_comes_back_from_its_days(day: date) -> None:
    days = day_number(day)
    assert iso_date(days) == day.isoformat()
    assert read_day(day.isoformat()) == days
    assert days_of_array(np.array([day], dtype="datetime64[D]")).tolist() == [days]
    assert array_of_days(np.array([days])).tolist() == [day]


@given(moment=st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2200, 1, 1)))
def test_the_time_of_day_is_dropped_before_and_after_1970(moment: datetime) -> None:
    days = day_number(moment.date())
    assert day_number(moment) == days
    assert read_day(moment.isoformat()) == read_day(moment.isoformat(" ")) == days
    assert days_of_array(np.array([moment], dtype="datetime64[ns]")).tolist() == [days]


def test_a_time_with_an_offset_is_taken_at_its_own_date() -> None:
    late = datetime(2024, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert late.astimezone(UTC).date() == date(2024, 3, 2)
    assert day_number(late) == day_number(date(2024, 3, 1))
    assert read_day(late.isoformat()) == day_number(date(2024, 3, 1))


@pytest.mark.parametrize(
    "text",
    ["20240301", "2024-3-1", "2024-03", "2024-02-30", "2024-03-01 soon", "01.03.2024", "45352", "", "NaT"],
)
def test_text_that_is_not_a_date_with_hyphens_gives_none(text: str) -> None:
    assert read_day(text) is None


def test_another_format_is_read_in_addition_to_iso() -> None:
    assert read_day(" 01.03.2024 ", "%d.%m.%Y") == read_day("2024-03-01", "%d.%m.%Y") == 19783.0
    assert read_day("13.13.2024", "%d.%m.%Y") is None


def test_days_outside_the_calendar_and_fractions_give_the_nearest_date() -> None:
    assert iso_date(FIRST_DAY - 5) == "0001-01-01"
    assert iso_date(LAST_DAY + 5) == "9999-12-31"
    assert iso_date(-0.4) == iso_date(0.4) == "1970-01-01"


def test_missing_dates_stay_missing_in_arrays() -> None:
    assert np.isnan(days_of_array(np.array(["NaT"], dtype="datetime64[s]"))).all()
    assert np.isnat(array_of_days(np.array([np.nan]))).all()
