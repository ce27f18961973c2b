"""Checks that customers are made from transactions by the documented rules, and that all lines count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inference import InputError
from tests.rfm_reference import reference
from tests.transactions import BY_HAND, shop, table
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.rfm_table import DECIMALS, DEFINITIONS, customers_of
from trainer.rfm.transaction_lines import KINDS

NO_KINDS = dict.fromkeys(KINDS, 0)


def test_twelve_lines_by_hand() -> None:
    found = customers_of(table(BY_HAND), RfmSettings(status="State", snapshot=date(2011, 12, 10)))
    assert found.table.to_pylist() == [
        {
            "CustomerID": "00123",
            "recency": 5,
            "frequency": 2,
            "monetary": 25.0,
            "tenure": 9,
            "average_basket": 17.5,
        },
        {
            "CustomerID": "A 7",
            "recency": 10,
            "frequency": 1,
            "monetary": 8.0,
            "tenure": 10,
            "average_basket": 8.0,
        },
    ]
    assert found.report.kinds == {
        "purchases": 4,
        "returns": 2,
        "cancelled": 2,
        "zero": 1,
        "of excluded customers": 0,
        "further lines of an order": 0,
        "in another currency": 0,
        "without a customer": 1,
        "unreadable": 1,
        "after the snapshot": 1,
        "dropped duplicates": 0,
    }
    assert found.report.never_purchased == 1
    assert [each.sentence() for each in found.report.unread] == [
        "'InvoiceDate' cannot be read: 1, first in line 12 ('soon')"
    ]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", " B", "00123", "", "NULL"]),
        st.sampled_from(["1", "2", "3 ", "C4", "c5", "CX", ""]),
        st.sampled_from(["2011-12-01", "2011-12-01 10:30:00", "2011-12-09T23:59", "2010-02-28", "soon", ""]),
        st.sampled_from(["1", "2", "-3", "0", "2.5", "two", ""]),
        st.sampled_from(["1", "2.25", "10", "-4", "0", "1e2", "x"]),
        st.sampled_from(["", "done", "Cancelled", " returned"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(deadline=None)  # the load of the machine does not depend on the rules
@given(ROWS, st.sampled_from([None, date(2011, 12, 5), date(2012, 1, 1)]), st.booleans())
def test_agrees_with_the_rules_line_by_line(
    rows: list[tuple[str, ...]], snapshot: date | None, drop: bool
) -> None:
    rows = [("A", "1", "2010-01-01", "1", "3", "done"), *rows]  # one purchase at least
    asked = RfmSettings(status="State", snapshot=snapshot, drop_duplicates=drop)
    found = customers_of(table(rows), asked)
    assume(not any("first line of each order" in note for note in found.report.assumed))  # has its own tests
    expected, kinds = reference(rows, asked)
    assert found.report.kinds == kinds
    assert sum(kinds.values()) == found.report.lines == len(rows)
    assert found.report.duplicates == len(rows) - len(set(rows))
    named = {row[0].strip() for row in rows} - {"", "NULL"}
    assert found.report.never_purchased == len(named) - len(expected)
    got = [list(row.values()) for row in found.table.to_pylist()]
    assert [row[:3] + row[4:5] for row in got] == [row[:3] + row[4:5] for row in expected]
    money = np.array([[row[3], row[5]] for row in got])
    np.testing.assert_allclose(money, [[row[3], row[5]] for row in expected], atol=10.0**-DECIMALS)


def test_an_online_retail_table_gives_plausible_customers() -> None:
    sold = shop()
    found = customers_of(sold)
    frame, kinds = sold.to_pandas(), found.report.kinds
    known = frame[frame["CustomerID"].notna() & (frame["UnitPrice"] > 0)]
    assert sum(kinds.values()) == len(frame)
    assert kinds["without a customer"] == frame["CustomerID"].isna().sum() > 0
    assert kinds["returns"] == (known["Quantity"] < 0).sum() > 0
    assert kinds["zero"] > 0
    bought = known[known["Quantity"] > 0].set_index("CustomerID")
    rows = found.table.to_pandas().set_index("CustomerID")
    assert set(rows.index) == set(bought.index)
    assert rows["frequency"].sum() == len(bought.reset_index()[["CustomerID", "InvoiceNo"]].drop_duplicates())
    net = (known["Quantity"] * known["UnitPrice"]).groupby(known["CustomerID"]).sum()
    np.testing.assert_allclose(rows["monetary"], net[rows.index], atol=10.0**-DECIMALS)
    assert (rows["recency"] >= 0).all()
    assert (rows["tenure"] >= rows["recency"]).all()
    assert (rows["average_basket"] * rows["frequency"] >= rows["monetary"] - 1e-3).all()


def test_identifiers_from_a_spreadsheet_become_whole_numbers() -> None:
    assert customers_of(shop()).table.schema.field("CustomerID").type == pa.int64()


def test_typed_and_text_columns_give_the_same_customers() -> None:
    sold = shop(400)
    as_text = pa.table({name: sold[name].cast(pa.string()) for name in sold.column_names})
    typed, text = (customers_of(each).table.to_pydict() for each in (sold, as_text))
    assert [str(each) for each in typed.pop("CustomerID")] == text.pop("CustomerID")
    assert typed == text


def test_decimals_dates_and_dictionaries_are_taken_as_they_are() -> None:
    sold = pa.table(
        {
            "client": pa.array(["x", "y", "x"]).dictionary_encode(),
            "day": pa.array([date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 5)]),
            "paid": pa.array([Decimal("1.10"), Decimal("2.20"), Decimal("3.30")]),
        }
    )
    found = customers_of(sold, RfmSettings(date="day", amount="paid"))
    assert found.table["monetary"].to_pylist() == [4.4, 2.2]
    assert found.table["frequency"].to_pylist() == [2, 1]


def test_without_orders_frequency_counts_days_and_reports_it() -> None:
    rows = [("x", "2024-01-01 09:00", "5"), ("x", "2024-01-01 18:00", "5"), ("x", "2024-01-03", "5")]
    found = customers_of(table(rows, ("client", "date", "total")))
    assert found.table["frequency"].to_pylist() == [2]
    assert any("frequency counts the days" in reported for reported in found.report.assumed)


def test_purchases_without_an_order_count_as_one_per_day() -> None:
    days = ("2024-01-01", "2024-01-01", "2024-01-03")
    rows = [("x", "7", days[0], "1", "5", ""), *(("x", "", day, "1", "5", "") for day in days)]
    found = customers_of(table(rows))
    assert found.table["frequency"].to_pylist() == [3]
    assert "3 purchases have no order and count as one per day" in found.report.assumed


def test_a_time_near_midnight_does_not_change_the_day() -> None:
    rows = [("x", "2024-01-01 23:59:59", "5"), ("y", "2024-01-02 00:00:00", "5")]
    assert customers_of(table(rows, ("client", "date", "total"))).table["recency"].to_pylist() == [1, 0]


def test_a_negative_quantity_makes_a_positive_amount_a_return() -> None:
    rows = [("x", "2024-01-01", "5", "1"), ("x", "2024-01-03", "2", "-1")]
    found = customers_of(table(rows, ("client", "date", "total", "qty")))
    assert found.table.to_pylist()[0] | {"average_basket": 5.0, "monetary": 3.0} == found.table.to_pylist()[0]


def test_orders_that_all_begin_with_c_are_not_cancellations() -> None:
    rows = [("x", "C1", "2024-01-01", "1", "5", ""), ("x", "C2", "2024-01-02", "1", "5", "")]
    found = customers_of(table(rows))
    assert found.report.kinds == NO_KINDS | {"purchases": 2}


def test_your_own_words_for_cancelled_count_and_others_are_shown() -> None:
    rows = [("x", "1", "2024-01-01", "1", "5", "Zurück"), ("x", "2", "2024-01-02", "1", "5", "blau")]
    found = customers_of(table(rows), RfmSettings(status="state", cancelled=("zurück",)))
    assert found.report.kinds == NO_KINDS | {"purchases": 1, "cancelled": 1}
    assert "lines are excluded where 'State' is 'Zurück' (1)" in found.report.assumed
    assert "other values of 'State' count as completed: 'blau'" in found.report.assumed


def test_duplicates_are_kept_and_counted_unless_dropped() -> None:
    rows = [BY_HAND[0], BY_HAND[2], BY_HAND[0], BY_HAND[0]]
    kept, dropped = (customers_of(table(rows), RfmSettings(drop_duplicates=each)) for each in (False, True))
    assert (kept.report.duplicates, dropped.report.duplicates) == (2, 2)
    assert (kept.table["monetary"][0].as_py(), dropped.table["monetary"][0].as_py()) == (70.0, 30.0)
    assert any(
        "exact duplicates of an earlier line" in reported and "kept" in reported
        for reported in kept.report.sentences()
    )
    assert dropped.report.kinds == NO_KINDS | {"purchases": 2, "dropped duplicates": 2}


def test_returns_above_the_purchases_keep_the_customer() -> None:
    rows = [("x", "1", "2024-01-01", "1", "5", ""), ("x", "2", "2024-01-02", "-2", "5", "")]
    found = customers_of(table(rows))
    assert found.table["monetary"].to_pylist() == [-5.0]
    assert found.report.nothing_left == 1


def test_an_infinite_product_is_unreadable() -> None:
    rows = [("x", "1", "2024-01-01", "1", "5", ""), ("x", "2", "2024-01-02", "1e200", "1e200", "")]
    found = customers_of(table(rows))
    assert found.report.kinds == NO_KINDS | {"purchases": 1, "unreadable": 1}
    assert sum(each.lines for each in found.report.unread) == 1


def test_the_reasons_of_unreadable_lines_add_up() -> None:
    good = ("x", "1", "2024-01-01", "1", "5", "")
    bad = [
        ("x", "1", "", "", "", ""),
        ("x", "1", "2024-01-01", "", "z", ""),
        ("x", "1", "2024-01-01", "1", "z", ""),
    ]
    found = customers_of(table([good, *bad]))
    assert [(each.reason, each.lines, each.location) for each in found.report.unread] == [
        ("'InvoiceDate' is empty", 1, "line 3"),
        ("'Quantity' is empty", 1, "line 4"),
        ("'UnitPrice' cannot be read", 1, "line 5"),
    ]


@pytest.mark.parametrize(
    ("rows", "reported"),
    [
        ([], r"must have lines below its header 'CustomerID'"),
        (
            [("x", "1", "2024-01-01", "-1", "5", "")],
            "at least one line must be a purchase, but there are returns: 1",
        ),
        ([("x", "1", "2024-01-01", "1", "five", "")], r"unreadable: 1; 'UnitPrice' cannot .* \('five'\)"),
    ],
)
def test_refuses_a_file_without_a_purchase(rows: list[tuple[str, ...]], reported: str) -> None:
    with pytest.raises(InputError, match=reported):
        customers_of(table(rows))


def test_refuses_a_header_that_is_one_of_its_own() -> None:
    rows = [("x", "2024-01-01", "5")]
    with pytest.raises(InputError, match=r"must differ from .* but it is 'recency'"):
        customers_of(table(rows, ("recency", "date", "total")), RfmSettings(customer="recency"))


def test_refuses_lists_in_cells() -> None:
    with pytest.raises(InputError, match="'tags' holds list"):
        customers_of(table(BY_HAND).append_column("tags", pa.array([[1]] * len(BY_HAND))))


def test_the_columns_are_those_that_are_defined() -> None:
    assert customers_of(table(BY_HAND)).table.column_names == ["CustomerID", *DEFINITIONS]
