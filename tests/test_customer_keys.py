"""Promises that one customer is one row, and that guests and odd customers are reported, not left out."""

from __future__ import annotations

import pytest

from inference import InputError
from tests.transactions import table
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.rfm_table import Customers, customers_of


def sold_to(*names: str, settings: RfmSettings | None = None) -> Customers:
    rows = [(name, f"2024-01-{15 + place % 10}", "5") for place, name in enumerate(names)]
    return customers_of(table(rows, ("client", "date", "total")), settings)


def test_a_number_and_its_decimal_are_one_customer() -> None:
    found = sold_to("100037", "100037.0", " 100037 ", "100038.00")
    assert found.table["client"].to_pylist() == ["100037", "100038"]
    assert any(
        "1 other spelling of a customer" in told and "'100037.0'" in told for told in found.report.assumed
    )


def test_addresses_have_no_case() -> None:
    found = sold_to("Ann@Example.com", "ann@example.com ", "mailto:ANN@example.com", "AB", "ab")
    assert found.table["client"].to_pylist() == ["ann@example.com", "AB", "ab"]


def test_zeros_in_front_stay() -> None:
    assert sold_to("007", "7", "007").table["client"].to_pylist() == ["007", "7"]


def test_blanks_are_left_out_and_counted() -> None:
    found = sold_to("x", "", "-", "NULL", "(blank)")
    assert found.report.kinds["without a customer"] == 4


@pytest.mark.parametrize(
    "guest", ["Guest", "0", "-1", "99999", "Gast", "invitado", "гость", "ゲスト", "walk-in"]
)
def test_a_guest_is_reported_and_kept(guest: str) -> None:
    found = sold_to("x", guest, "y")
    assert found.table.num_rows == 3
    assert [told.split(" has")[0] for told in found.report.warned] == [f"'client' {guest!r}"]


def test_a_customer_with_far_more_lines_than_the_next_is_reported() -> None:
    names = [f"c{i}" for i in range(20)] * 3
    assert sold_to(*names).report.warned == ()
    (told,) = sold_to(*names, *["till"] * 60).report.warned
    assert told == "'client' 'till' has 60 lines (50.0%) and may not be one customer; it is kept"


def test_customers_are_left_out_by_name() -> None:
    found = sold_to("x", "Guest", "0.0", settings=RfmSettings(without=("Guest", "0")))
    assert found.table["client"].to_pylist() == ["x"]
    assert found.report.kinds["of excluded customers"] == 2
    assert found.report.never_purchased == 0
    with pytest.raises(InputError, match="but 'nobody' is not"):
        sold_to("x", settings=RfmSettings(without=("nobody",)))


def test_a_net_value_below_zero_is_kept_and_counted() -> None:
    rows = [("x", "2024-01-15", "5"), ("x", "2024-01-16", "-30"), ("y", "2024-01-16", "2")]
    found = customers_of(table(rows, ("client", "date", "total")))
    assert found.table["monetary"].to_pylist() == [-25.0, 2.0]
    assert (
        "  kept although they returned at least as much as they bought: 1, below zero: 1"
        in found.report.sentences()
    )
