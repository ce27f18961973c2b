"""Checks that training drops, counts and reads cells carefully, and as scoring does."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from inference import InputError
from inference.files.options import ReadOptions
from inference.files.read.headers import match_headers
from trainer import Roles, prepare, read_raw
from trainer.__main__ import main
from trainer.table.cleaning import plain_column
from trainer.table.raw_table import raw_of

ROWS = 300
RNG = np.random.default_rng(4)


def frame(**columns: Any) -> pd.DataFrame:
    """A table with two clustering columns, and these columns."""
    spend, visits = RNG.gamma(3, 50, ROWS).round(2), RNG.poisson(20, ROWS)
    return pd.DataFrame({"spend": spend, "visits": visits, **columns})


def test_customers_without_an_identifier_are_not_duplicates() -> None:
    ids = [f"c{number}" if number < 200 else "" for number in range(ROWS)]
    same = frame(customer_id=ids).assign(spend=1.0, visits=2).assign(spend=np.arange(ROWS) % 5)
    report = prepare(raw_of(same), Roles(cluster=("spend",))).table.report
    assert (report.rows_kept, report.duplicates_dropped, report.repeated_identifiers) == (ROWS, 0, 0)


def test_a_code_is_known_with_and_without_its_decimal_point() -> None:
    codes = RNG.choice([3.0, 7.0, 9.0], ROWS)
    table = prepare(frame(store_code=codes)).table
    spec = next(each for each in table.schema.columns if each.name == "store_code")
    assert {each.value: each.aliases for each in spec.categories} == {
        "3": ("3.0",),
        "7": ("7.0",),
        "9": ("9.0",),
    }


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([Decimal("0.00"), Decimal("5.50")] * 150),
        pa.array(np.array([0.1, 0.2] * 150, dtype=np.float32)),
        pa.array([timedelta(days=12), timedelta(days=33)] * 150),
        pa.array(["0,5", "1,5"] * 150),
    ],
    ids=["decimal", "single precision", "duration", "decimal comma"],
)
def test_levels_are_named_as_they_are_settled(cells: pa.Array) -> None:
    table = pa.Table.from_pandas(frame()).append_column("level", cells)
    met = {each.name: each.refused for each in prepare(table).table.report.columns}
    assert met["level"] == 0


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([uuid.UUID(int=number).bytes for number in range(ROWS)]),
        pa.array([[number] for number in range(ROWS)]),
        pa.array([{"a": number} for number in range(ROWS)]),
        pa.array([1.0, 1.797e308] * 150),
        pa.array(["12,5", "7,25"] * 150).dictionary_encode(),
    ],
    ids=["bytes", "lists", "structs", "a sentinel", "text numbers in a dictionary"],
)
def test_columns_of_every_type_are_taken_or_left_out(cells: pa.Array) -> None:
    table = pa.Table.from_pandas(frame()).append_column("odd", cells)
    assert len(prepare(table).table) == ROWS


def test_none_is_missing_in_columns_of_numbers_or_dates() -> None:
    amounts = [str(None) if number % 8 == 0 else f"{number}.5" for number in range(ROWS)]
    dates = [str(None) if number % 50 == 0 else f"2024-0{1 + number % 9}-11" for number in range(ROWS)]
    table = prepare(frame(amount=amounts, joined=dates)).table
    kinds = {spec.name: spec.kind for spec in table.schema.columns}
    assert (kinds["amount"], kinds["joined"]) == ("number", "date")
    assert all(each.refused == 0 for each in table.report.columns)


@pytest.mark.parametrize("written", ["28 February 2022|11 May 2020", "February 28, 2022|May 11, 2020"])
def test_full_names_of_months_are_dates(written: str) -> None:
    table = prepare(frame(joined=written.split("|") * 150)).table
    met = next(each for each in table.report.columns if each.name == "joined")
    assert met.refused == met.missing == 0


def test_dollars_and_credit_scores_are_not_mall_customers() -> None:
    columns = {"Gender": ["Male", "Female"] * 150, "Age": RNG.integers(18, 70, ROWS)}
    incomes, scores = RNG.integers(20_000, 90_000, ROWS), RNG.integers(300, 850, ROWS)
    prepared = prepare(pd.DataFrame({**columns, "Income": incomes, "Score": scores}))
    assert prepared.proposal is not None
    assert all(each.refused == 0 for each in prepared.table.report.columns)


def test_the_training_header_is_found_next_to_one_with_its_unit() -> None:
    values = {"Balance": RNG.gamma(2, 9, ROWS), "Balance (USD)": RNG.gamma(2, 9, ROWS)}
    schema = prepare(frame(**values)).table.schema
    plain = [plain_column(spec) for spec in schema.columns]
    found = match_headers(plain, ["spend", "visits", *values], ReadOptions())
    assert sorted(found.values()) == sorted(["spend", "visits", *values])


def test_a_profile_option_overrides_clustering_in_the_file(tmp_path: Path) -> None:
    table, settings = tmp_path / "shop.csv", tmp_path / "mine.toml"
    skewed = frame(orders=RNG.poisson(9, ROWS)).assign(spend=RNG.lognormal(3, 1.2, ROWS).round(2))
    skewed.to_csv(table, index=False)
    assert main(["--data", str(table), "--init", str(settings)]) == 0
    text = settings.read_text(encoding="utf-8")
    assert f"--data shop.csv --config {settings}" in text
    assert '"log_spend"' in text
    from trainer.cli.role_options import given_roles
    from trainer.cli.train_options import train_parser

    options = train_parser().parse_args(["--config", str(settings), "--profile", "spend"])
    assert "log_spend" not in given_roles(options).cluster


def test_decimal_marks_of_unknown_headers_and_lone_queries_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "shop.csv"
    frame().to_csv(table, index=False)
    with pytest.raises(InputError, match="a decimal mark is given for 'Nope', but the headers are"):
        read_raw(table, options=ReadOptions(decimals={"Nope": ","}))
    assert main(["--query", "SELECT 1"]) == 2
    assert main(["--data", "postgresql://user:pw@host:abc/db", "--query", "SELECT 1"]) == 2
