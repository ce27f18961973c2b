"""Checks that durations become numbers of days."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.files.columns.dates.duration_cells import apply_durations, decide_durations, duration_days
from inference.files.columns.dates.duration_reading import DurationReading


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("11 months", 11 * 30.4375),
        ("2 years 3 months", 27 * 30.4375),
        ("1 year, 6 months", 18 * 30.4375),
        ("5 days", 5.0),
        ("3d", 3.0),
        ("1h 30min", 0.0625),
        ("01:30:00", 0.0625),
        ("36:00:00", 1.5),
        ("3 days 00:00:00", 3.0),
        ("1 day, 2:00:00", 26 / 24),
        ("-1 days +23:00:00", -1 / 24),
        ("1.12:00:00", 1.5),
        ("-1.12:00:00", -1.5),
        ("P3D", 3.0),
        ("PT36H", 1.5),
        ("-P1W", -7.0),
        ("P1Y2M", 14 * 30.4375),
        ("2 años y 3 meses", 27 * 30.4375),
        ("1,5 Jahre", 1.5 * 365.25),
        ("3か月", 3 * 30.4375),
    ],
)
def test_reads_a_duration_as_days(text: str, days: float) -> None:
    assert duration_days(text) == pytest.approx(days, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["5m", "5 kg", "12", "12:30", "P", "PT", "P1DT", "days", "5 days 6 days", "2024-01-01", ""]
)
def test_other_texts_are_not_durations(text: str) -> None:
    assert duration_days(text) is None


def test_reads_a_column_with_missing_cells_and_a_misfit() -> None:
    cells = pa.array(["11 months", "-", None, "2 years", "soon", "3 days"])
    reading = decide_durations(cells)
    assert reading is not None
    days, misfits = apply_durations(reading, cells)
    np.testing.assert_array_equal(days, [334.8125, np.nan, np.nan, 730.5, np.nan, 3.0])
    assert misfits.tolist() == [False, False, False, False, True, False]
    assert "30.4375" in reading.sentence()
    assert DurationReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


@pytest.mark.parametrize(
    "cells", [["5 kg", "6 kg"], ["Basic", "Plus"], ["12", "13"], ["2024-01-01 10:00:00"]]
)
def test_other_columns_hold_no_durations(cells: list[str]) -> None:
    assert decide_durations(pa.array(cells)) is None


@given(
    st.lists(st.timedeltas(timedelta(days=-9999), timedelta(days=9999)), min_size=1, max_size=9),
    st.sampled_from(["s", "ms", "us", "ns"]),
)
def test_reads_typed_durations_and_what_python_prints(durations: list[timedelta], unit: str) -> None:
    whole = [timedelta(days=each.days, seconds=each.seconds) for each in durations]
    expected = [each / timedelta(days=1) for each in whole]
    for cells in (pa.array(whole, pa.duration(unit)), pa.array([str(each) for each in whole])):
        reading = decide_durations(cells)
        assert reading is not None
        days, misfits = apply_durations(reading, cells)
        np.testing.assert_allclose(days, expected, rtol=0, atol=1e-9)
        assert not misfits.any()
