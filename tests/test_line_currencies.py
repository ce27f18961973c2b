"""Promises that amounts in several currencies are never added up without being asked how."""

from __future__ import annotations

import pyarrow as pa
import pytest

from inference import InputError
from tests.transactions import table
from trainer.cli.train_advice import train_advice
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.rfm_table import customers_of

IN_A_COLUMN = table(
    [
        ("x", "2024-01-15", "10", "EUR"),
        ("x", "2024-01-16", "20", "usd"),
        ("y", "2024-01-17", "5", "€"),
        ("y", "2024-01-18", "7", ""),
    ],
    ("client", "date", "total", "Currency"),
)
IN_THE_CELLS = table(
    [("x", "2024-01-15", "10 €"), ("x", "2024-01-16", "$20.00"), ("y", "2024-01-17", "EUR 5")],
    ("client", "date", "total"),
)


@pytest.mark.parametrize("orders", [IN_A_COLUMN, IN_THE_CELLS])
def test_several_are_refused_with_both_ways_out(orders: pa.Table) -> None:
    with pytest.raises(InputError) as caught:
        customers_of(orders)
    told = caught.value.sentence(train_advice)
    assert "the file has EUR (2 lines)" in told
    assert "keep one with --currency EUR, or convert with --rates" in told
    assert len(told) <= 300


@pytest.mark.parametrize("orders", [IN_A_COLUMN, IN_THE_CELLS])
def test_one_is_kept_and_the_others_are_counted(orders: pa.Table) -> None:
    found = customers_of(orders, RfmSettings(currency="eur"))
    assert found.table["monetary (EUR)"].to_pylist() == [10.0, 5.0]
    assert found.report.currency == "EUR"
    assert found.report.kinds["in another currency"] >= 1
    assert any(told.startswith("only amounts in EUR count; left out: ") for told in found.report.assumed)


@pytest.mark.parametrize("orders", [IN_A_COLUMN, IN_THE_CELLS])
def test_rates_convert_to_the_one_without_a_rate(orders: pa.Table) -> None:
    found = customers_of(orders, RfmSettings(rates={"USD": 0.5}))
    assert found.table["monetary (EUR)"].to_pylist() == [20.0, 5.0]


def test_refuses_a_currency_that_is_not_in_the_file() -> None:
    with pytest.raises(InputError, match="must be one of the file, but it is 'GBP'; the file has EUR, USD"):
        customers_of(IN_A_COLUMN, RfmSettings(currency="GBP"))


def test_refuses_rates_that_leave_one_out() -> None:
    with pytest.raises(InputError, match="rate to EUR, but USD has none"):
        customers_of(IN_A_COLUMN, RfmSettings(currency="EUR", rates={"GBP": 1.2}))


def test_refuses_a_rate_of_nothing() -> None:
    with pytest.raises(InputError, match="that of 'USD' is 0"):
        RfmSettings(rates={"USD": 0.0})


def test_one_currency_is_in_the_header() -> None:
    rows = [("x", "2024-01-15", "1,000.50", "GBP"), ("y", "2024-01-16", "2.00", "GBP")]
    found = customers_of(table(rows, ("client", "date", "total", "currency code")))
    assert found.table.column_names[-3:] == ["monetary (GBP)", "tenure", "average_basket (GBP)"]
