"""Checks that a column of dates is read in one order that is certain, or refused with what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference import InputError
from trainer.cli.train_advice import train_advice
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_dates import Days, read_days


def read(*cells: str, date_format: str | None = None) -> Days:
    return read_days(pa.chunked_array([pa.array(cells, pa.string())]), "When", date_format)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2011-12-10 08:26:00", "2011-12-10T08:26:00.5Z"], ["2011-12-10"] * 2),
        (["1/13/2011 8:26", "12/1/2010 9:00 PM"], ["2011-01-13", "2010-12-01"]),
        (["13.12.10", "1.2.69"], ["2010-12-13", "1969-02-01"]),
        (["1-Dec-2010", "31-january-2011"], ["2010-12-01", "2011-01-31"]),
        (["Dec 1, 2010"], ["2010-12-01"]),
        (["20111210"], ["2011-12-10"]),
        (["12/31/2011, 11:15:39 PM"], ["2011-12-31"]),
        (["31 de diciembre de 2011", "1 enero 2012"], ["2011-12-31", "2012-01-01"]),
        (["1/1/2011", "2/2/2011"], ["2011-01-01", "2011-02-02"]),  # both orders mean the same days
        (["28/02/2011", "31/02/2011", "", "soon"], ["2011-02-28", "NaT", "NaT", "NaT"]),
        (["2011-12-10", "0001-01-01"], ["2011-12-10", "NaT"]),
    ],
)
def test_reads_what_is_certain(cells: list[str], expected: list[str]) -> None:
    np.testing.assert_array_equal(read(*cells).values, np.array(expected, dtype="datetime64[D]"))


def test_shows_the_cell_that_settles_the_order() -> None:
    assert read("1/2/2011", "13/2/2011").note == "'When' is read day-first, as '13/2/2011' shows"


@pytest.mark.parametrize(
    ("cells", "reported"),
    [
        (
            ["1/2/2011", "2/2/2011"],
            "day-first and month-first; give --date-format day-first or --date-format month-first",
        ),
        (
            ["13/1/2011", "1/13/2011"],
            "no order of day, month and year reads both '1/13/2011' and '13/1/2011'",
        ),
        (["13/1/2011", "13-1-2011"], "'13-1-2011' and '13/1/2011' are written differently"),
        (["2011-01-13", "13/1/2011"], "'2011-01-13' and '13/1/2011' are written differently"),
        (["10-11-12"], "can be read as day-first and month-first and year-first"),
        (["soon"], "none of its cells can be read as one, for example 'soon'"),
        ([], "all are empty; give --date HEADER, or give --date-format"),
    ],
)
def test_refuses_what_stays_open(cells: list[str], reported: str) -> None:
    with pytest.raises(InputError) as caught:
        read(*cells)
    assert reported in caught.value.sentence(train_advice)
    assert "--date-format" in caught.value.sentence(train_advice)
    assert "--" not in str(caught.value)


def test_refuses_three_texts_that_share_orders_only_in_pairs() -> None:
    with pytest.raises(InputError, match="no order of day, month and year reads both"):
        read("31-12-10", "12-31-10", "11-10-31")


@pytest.mark.parametrize(
    ("date_format", "expected"),
    [
        ("day-first", "2011-02-01"),
        ("month-first", "2011-01-02"),
        ("%d/%m/%Y", "2011-02-01"),
        ("%m/%d/%Y %H:%M", "2011-01-02"),
    ],
)
def test_obeys_a_given_format(date_format: str, expected: str) -> None:
    found = read("1/2/2011 10:15", "tomorrow", date_format=date_format)
    np.testing.assert_array_equal(found.values, np.array([expected, "NaT"], dtype="datetime64[D]"))


def test_obeys_a_format_with_the_time_in_front() -> None:
    assert read("10:15 1/2/2011", date_format="%H:%M %d/%m/%Y").values[0] == np.datetime64("2011-02-01")


@pytest.mark.parametrize("date_format", ["%d.%m.", "dd/mm/yyyy", "dayfirst"])
def test_refuses_a_format_that_names_no_day(date_format: str) -> None:
    with pytest.raises(InputError, match="name day, month and year like %d/%m/%Y"):
        RfmSettings(date_format=date_format)


def test_takes_timestamps_on_the_day_of_their_own_zone() -> None:
    late = datetime(2011, 12, 10, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    cells = pa.array([late, None], pa.timestamp("us", "-05:00"))
    found = read_days(pa.chunked_array([cells]), "When", None)
    assert late.astimezone(UTC).date() == date(2011, 12, 11)
    np.testing.assert_array_equal(found.values, np.array(["2011-12-10", "NaT"], dtype="datetime64[D]"))


@settings(deadline=None)  # the load of the machine does not depend on the rules
@given(
    st.lists(st.dates(date(1900, 1, 1), date(2200, 12, 31)), min_size=1),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y %H:%M", "%d %b %Y", "%Y%m%d"]),
)
def test_reads_back_what_a_format_wrote_or_refuses(days: list[date], written: str) -> None:
    try:
        found = read(*(day.strftime(written) for day in days)).values
    except InputError:
        assert all(day.day <= 12 for day in days)
    else:
        assert found.tolist() == days
