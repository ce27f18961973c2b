"""Promises that training and scoring read the same cells alike, however people write numbers and dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from inference import InputError
from inference.contract import Column
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.dates.strptime_formats import layout_of, reading_of_format
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.reading_json import TextReading, reading_from_json, reading_to_json
from inference.files.options import ReadOptions
from inference.files.read.column_readings import read_columns_again
from inference.files.read.open_source import open_source
from inference.files.read.parse_cells import parse_cells
from inference.kinds.row_problems import RowProblems
from trainer import Roles, Table, prepare, read_raw
from trainer.cli.train_advice import train_advice
from trainer.roles.settings.role_settings import ColumnSettings
from trainer.table.cleaning import plain_column

ROWS = 120
RNG = np.random.default_rng(11)
SPEND = np.round(np.repeat([180.4, 420.7, 2100.3], ROWS // 3) * RNG.normal(1, 0.1, ROWS), 2)
VISITS = np.repeat([25, 8, 3], ROWS // 3) + RNG.integers(0, 4, ROWS)


def german(value: float) -> str:
    """1234.5 as 1.234,50."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def written(folder: Path, spend: list[str], separator: str = ",", **others: list[str]) -> Path:
    """A table of customers with these cells of spend."""
    path = folder / "customers.csv"
    pd.DataFrame({"visits": VISITS, "spend": spend, **others}).to_csv(path, index=False, sep=separator)
    return path


def column(table: Table, name: str) -> Column:
    """A column as the model file has it."""
    return plain_column(next(spec for spec in table.schema.columns if spec.name == name))


FORMS: dict[str, tuple[Callable[[float], str], str]] = {
    "dollars": (lambda value: f"${value:,.2f}", ","),
    "euros": (lambda value: f"{german(value)} \N{EURO SIGN}", ";"),
    "Swiss francs": (lambda value: f"CHF {value:,.2f}".replace(",", "\N{RIGHT SINGLE QUOTATION MARK}"), ";"),
    "narrow spaces": (lambda value: german(value).replace(".", "\N{NARROW NO-BREAK SPACE}"), ";"),
    "percent": (lambda value: f"{value:.2f}%", ","),
    "parentheses": (lambda value: f"({value:,.2f})" if value < 200 else f"{value:,.2f}", ","),
    "plain": (lambda value: f"{value:.2f}", ","),
}


@pytest.mark.parametrize("form", FORMS)
def test_training_and_scoring_read_numbers_as_people_print_them(tmp_path: Path, form: str) -> None:
    write, separator = FORMS[form]
    path = written(tmp_path, [write(value) for value in SPEND], separator)
    table = prepare(read_raw(path)).table
    expected = np.where(SPEND < 200, -SPEND, SPEND) if form == "parentheses" else SPEND
    np.testing.assert_allclose(table.columns["spend"], expected)
    assert again(column(table, "spend"), path).tolist() == table.columns["spend"].tolist()


def again(column: Column, path: Path, na: tuple[str, ...] = ()) -> np.ndarray:
    """A column of a file as scoring reads it."""
    options = ReadOptions(na=na)
    with open_source(path, options) as source:
        found = read_columns_again(source, [column], {column.name: column.name}, options)
        cells = source.parse(next(iter(source.blocks())), [source.headers.index(column.name)]).cells[0]
    problems = RowProblems(len(cells))
    values = parse_cells(column, cells, problems, found.readings[column.name])
    assert problems == {}
    return values


def test_thousands_without_decimals_are_thousands(tmp_path: Path) -> None:
    whole = np.round(SPEND)
    for separator, mark in ((";", "."), (",", ",")):
        path = written(tmp_path, [f"{value:,.0f}".replace(",", mark) for value in whole], separator)
        assert prepare(read_raw(path)).table.columns["spend"].tolist() == whole.tolist()


def test_an_unclear_decimal_mark_is_refused_with_the_option_that_settles_it(tmp_path: Path) -> None:
    cells = [f"{1 + place % 9}.{100 + 7 * place}" for place in range(ROWS)]
    path = written(tmp_path, cells, ";")
    with pytest.raises(InputError, match="the column 'spend' must have one decimal mark") as caught:
        prepare(read_raw(path))
    assert "give --decimal spend=. or --decimal spend=," in caught.value.sentence(train_advice)
    for mark, first in ((".", 1.1), (",", 1100.0)):
        raw = read_raw(path, options=ReadOptions(decimals={"spend": mark}))
        assert prepare(raw).table.columns["spend"][0] == first
    assert "spend" not in prepare(read_raw(path), Roles(ignore=("spend",))).table.columns


def test_words_for_missing_beside_numbers_are_missing_and_others_are_said(tmp_path: Path) -> None:
    odd = ["-", "\N{EM DASH}", "?", "#N/A", "(blank)", "-1", "unknown"]
    path = written(tmp_path, [*odd, *(f"{value}" for value in SPEND[len(odd) :])])
    report = prepare(read_raw(path)).table.report
    spend = next(each for each in report.columns if each.name == "spend")
    assert (spend.missing, spend.refused) == (5, 1)
    told = " ".join(report.sentences())
    assert "'unknown', which may mean missing" in told
    assert "'-1', which may mean missing" in told
    for table in (
        prepare(read_raw(path, options=ReadOptions(na=("unknown", "-1")))).table,
        prepare(read_raw(path), Roles(na=("Unknown", "-1"))).table,
    ):
        assert np.isnan(table.columns["spend"][: len(odd)]).all()
        assert np.isnan(again(column(table, "spend"), path)[: len(odd)]).all()


def test_further_words_for_missing_count_in_categories_and_typed_numbers() -> None:
    frame = pd.DataFrame({"visits": VISITS, "spend": SPEND, "plan": ["Basic", "Plus", "tbd"] * 40})
    frame.loc[:3, "spend"] = -1.0
    table = prepare(frame, Roles(na=("-1", "TBD"))).table
    assert np.isnan(table.columns["spend"][:4]).all()
    assert (table.columns["plan"] == "").sum() == 40
    assert column(table, "plan").reading == {"kind": "text", "missing_words": ["-1", "TBD"]}


@pytest.mark.parametrize(
    ("form", "day_first"),
    [("%m/%d/%Y, %I:%M:%S %p", False), ("%d.%m.%Y %H:%M", True), ("%Y%m%d", False), ("%d %b %Y", False)],
)
def test_dates_with_times_and_names_of_months_are_days(tmp_path: Path, form: str, day_first: bool) -> None:
    days = pd.date_range("2024-01-03", periods=ROWS, freq="31h").normalize()
    cells = [day.strftime(form) for day in days + pd.Timedelta(hours=9)]
    path = written(tmp_path, [f"{value}" for value in SPEND], since=cells)
    table = prepare(read_raw(path)).table
    expected = (days - pd.Timestamp(0)).days.to_numpy(float)
    assert table.columns["since"].tolist() == expected.tolist()
    own = column(table, "since")
    assert own.date_format == form
    assert again(own, path).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("word", "cells", "first"),
    [
        ("epoch-seconds", [str(1_700_000_000 + 90_000 * place) for place in range(ROWS)], 19675),
        ("epoch-milliseconds", [str(1_700_000_000_000 + 90_000_000 * place) for place in range(ROWS)], 19675),
        ("excel-serial", [str(45_000 + place) for place in range(ROWS)], 19431),
        ("month", [f"2024-{1 + place % 12:02}" for place in range(ROWS)], 19723),
        ("japanese-era", [f"R6.{1 + place % 12}.1" for place in range(ROWS)], 19723),
    ],
)
def test_counts_of_time_and_months_are_dates_where_a_person_says_so(
    tmp_path: Path, word: str, cells: list[str], first: int
) -> None:
    path = written(tmp_path, [f"{value}" for value in SPEND], since=cells)
    roles = Roles(columns={"since": ColumnSettings(kind="date", date_format=word)})
    table = prepare(read_raw(path), roles).table
    assert table.columns["since"][0] == first
    assert again(column(table, "since"), path).tolist() == table.columns["since"].tolist()


def test_durations_are_days_in_a_data_frame_and_in_text(tmp_path: Path) -> None:
    days = RNG.integers(1, 300, ROWS)
    frame = pd.DataFrame({"visits": VISITS, "recency": pd.to_timedelta(days, unit="D")})
    assert prepare(frame).table.columns["recency"].tolist() == days.tolist()
    path = written(tmp_path, [f"{value}" for value in SPEND], tenure=[f"{each} days" for each in days])
    table = prepare(read_raw(path)).table
    assert table.columns["tenure"].tolist() == days.tolist()
    own, problems = column(table, "tenure"), RowProblems(1)
    assert parse_cells(own, pa.array([timedelta(days=2)]), problems).tolist() == [2.0]
    assert parse_cells(own, pa.array([7]), problems).tolist() == [7.0]
    assert again(own, path).tolist() == days.tolist()


def test_another_currency_than_in_training_is_refused(tmp_path: Path) -> None:
    table = prepare(read_raw(written(tmp_path, [f"${value:,.2f}" for value in SPEND]))).table
    euros = written(tmp_path, [f"\N{EURO SIGN}{value:,.2f}" for value in SPEND])
    with pytest.raises(InputError, match="the column 'spend' must have one currency"):
        again(column(table, "spend"), euros)


def test_a_reading_is_the_same_after_json() -> None:
    for reading in (
        NumberReading(decimal_mark=",", units=("%",), missing_words=("x",)),
        DateReading(order="MDY", sign="/", short_years=True),
        TextReading(missing_words=("tbd",)),
    ):
        assert reading_from_json(reading_to_json(reading)) == reading
    assert reading_to_json(DateReading(layout="typed", order="YMD")) == {}


def test_formats_of_strptime_are_orders_where_they_can_be() -> None:
    assert [layout_of(each) for each in ("%d/%m/%y", "%Y-%m-%d %H:%M", "month", "%d~%m~%Y")] == [
        "DMY",
        "YMD",
        "month",
        "%d~%m~%Y",
    ]
    assert reading_of_format("%m/%d/%y") == DateReading(order="MDY", sign="/", short_years=True)


def test_training_parses_each_text_column_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = [f"{row};{row % 83 + 1}.{row % 7}00,50 €;{row % 28 + 1:02}.03.2024" for row in range(90)]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["Kunde;Umsatz;Letzter Kauf", *lines]), encoding="utf-8")
    raw = read_raw(path)
    assert raw.readings.columns.keys() == {"Kunde", "Umsatz", "Letzter Kauf"}

    def parsed_again(*_: object) -> None:
        raise AssertionError("a column was parsed again")

    monkeypatch.setattr("inference.files.read.parse_cells.apply_numbers", parsed_again)
    monkeypatch.setattr("inference.files.columns.dates.date_cells.apply_dates", parsed_again)
    for name in ("apply_numbers", "apply_dates"):
        monkeypatch.setattr(f"inference.files.columns.column_reading.{name}", parsed_again)
    table = prepare(raw).table
    assert table.columns["umsatz"].max() == 83_500.5  # 83.500,50 € in row 82
