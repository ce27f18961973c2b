"""Checks that a column of any type is numbers, dates, durations or text, with the evidence for it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from inference.files.columns.column_reading import (
    DATES,
    DURATIONS,
    EMPTY,
    NUMBERS,
    TEXT,
    apply_reading,
    read_column,
)
from inference.files.columns.file_hints import file_hints
from inference.files.columns.refusal import DECIMAL_MARK, FileHints


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["445", "2.076,48"], NUMBERS),
        (["5 kg", "6 kg"], NUMBERS),
        (["7/31/2023, 9:12:00 AM", "10/10/2023, 9:12:00 AM"], DATES),
        (["11 months", "2 years"], DURATIONS),
        (["Basic", "Plus"], TEXT),
        (["none", "none"], TEXT),
        (["1 Main St", "2 Main St"], TEXT),
        (["", None], EMPTY),
        (["-", "-"], TEXT),
        (["FALSCH", "WAHR"], TEXT),
        (["192.168.1.1", "192.168.1.2"], TEXT),
    ],
)
def test_finds_what_texts_are(cells: list[str | None], kind: str) -> None:
    assert read_column(pa.array(cells)).kind == kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (pa.array([1, None]), NUMBERS),
        (pa.array([1.5]), NUMBERS),
        (pa.array([date(2024, 1, 1)]), DATES),
        (pa.array([timedelta(days=3)]), DURATIONS),
        (pa.array([True, False]), TEXT),
        (pa.array([None, None]), EMPTY),
        (pa.array([], pa.string()), EMPTY),
        (pa.array([[1], [2]]), TEXT),
        (pa.array([b"\xff"]), TEXT),
        (pa.array([{"a": 1}]), TEXT),
        (pa.array(["5", "6"]).dictionary_encode(), NUMBERS),
        (pa.chunked_array([["5"], ["6"]]), NUMBERS),
        (pa.chunked_array([], pa.string()), EMPTY),
        (pa.array([None, 5.0]), NUMBERS),
    ],
)
def test_finds_what_typed_cells_are(cells: pa.Array, kind: str) -> None:
    assert read_column(cells).kind == kind


def test_counts_known_cells_and_misfits() -> None:
    found = read_column(pa.array([*map(str, range(40)), "-", "soon"]))
    assert (found.kind, found.known, found.misfits) == (NUMBERS, 41, 1)


def test_a_column_where_more_than_a_tenth_does_not_fit_is_text() -> None:
    assert read_column(pa.array([*"12345678", "a", "b"])).kind == TEXT


def test_texts_that_nearly_all_differ_are_no_category() -> None:
    assert read_column(pa.array([f"c{number}@example.com" for number in range(40)])).distinct_texts
    assert not read_column(pa.array(["Basic", "Plus"] * 20)).distinct_texts
    assert not read_column(pa.array(["Basic", "Plus"])).distinct_texts


def test_sees_numbers_that_are_padded_with_zeros() -> None:
    assert read_column(pa.array(["00100037", "00100074"])).zero_padded
    assert not read_column(pa.array(["0", "0.5", "100"])).zero_padded


def test_suggests_what_may_mean_missing() -> None:
    found = read_column(pa.array([*map(str, range(20, 60)), "-1", "unknown"]))
    assert {each.value for each in found.suggested} == {"-1", "unknown"}


def test_suggests_epochs_and_never_assumes_them() -> None:
    found = read_column(pa.array([1_664_000_000 + 86_400 * day for day in range(40)]))
    assert (found.kind, found.suggested_layout) == (NUMBERS, "epoch seconds")
    assert read_column(pa.array(range(40))).suggested_layout == ""


def test_does_not_ask_about_a_column_that_is_text_anyway() -> None:
    assert read_column(pa.array(["2.076", "445", "AB.1"])).refusal is None


def test_hands_on_a_refusal_with_what_has_to_be_decided() -> None:
    found = read_column(pa.array(["2.076", "445"]), name="Umsatz", hints=FileHints(separator=","))
    assert found.reading is None
    assert found.refusal is not None
    assert found.refusal.needed == DECIMAL_MARK
    assert found.evidence


def test_other_columns_of_the_file_decide_what_one_leaves_open() -> None:
    columns = {
        "Revenue": pa.array(["2.076", "5.180"]),
        "Share": pa.array(["38,1", "12,5"]),
        "Since": pa.array(["03/04/2022"]),
        "Last": pa.array(["22/09/2022"]),
    }
    hints = file_hints(columns, separator=";")
    assert (hints.decimal_mark, hints.date_order) == (",", "DMY")
    revenue, since = (read_column(columns[name], hints=hints).reading for name in ("Revenue", "Since"))
    assert revenue is not None
    assert since is not None
    assert apply_reading(revenue, columns["Revenue"])[0].tolist() == [2076.0, 5180.0]
    assert apply_reading(since, columns["Since"])[0].tolist() == [19085.0]


def test_columns_that_contradict_each_other_decide_nothing() -> None:
    hints = file_hints({"a": pa.array(["38,1"]), "b": pa.array(["38.1"])})
    assert hints.decimal_mark == ""


def test_reads_an_export_in_german() -> None:
    rows = range(1, 41)
    columns = {
        "Umsatz (€)": [f"{row % 3 + 1}.{row:03},{row:02} €" for row in rows],
        "Rabattanteil": [f"{row},{row % 10} %" for row in rows],
        "Bestellungen": [str(row) for row in rows],
        "Stadt": ["Köln", "Bonn"] * 20,
    }
    hints = file_hints({header: pa.array(cells) for header, cells in columns.items()}, separator=";")
    found = {header: read_column(pa.array(cells), hints=hints) for header, cells in columns.items()}
    assert [each.kind for each in found.values()] == [NUMBERS, NUMBERS, NUMBERS, TEXT]
    revenue = found["Umsatz (€)"].reading
    assert revenue is not None
    values, misfits = apply_reading(revenue, pa.array(columns["Umsatz (€)"]))
    np.testing.assert_allclose(values, [1000 * (row % 3 + 1) + row + row / 100 for row in rows])
    assert not misfits.any()
