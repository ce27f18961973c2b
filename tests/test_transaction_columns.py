"""Checks that columns are found by their usual names, and that ambiguity gives a message with what to do."""

from __future__ import annotations

import pytest

from inference import InputError
from trainer.cli.train_advice import train_advice
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.transaction_columns import find_columns


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country",
            {"customer": "CustomerID", "date": "InvoiceDate", "quantity": "Quantity", "price": "UnitPrice"}
            | {"order": "InvoiceNo"},
        ),
        ("customer_no DATE Revenue", {"customer": "customer_no", "date": "DATE", "amount": "Revenue"}),
        (
            "order_id client order-date Total",
            {"customer": "client", "date": "order-date", "amount": "Total", "order": "order_id"},
        ),
        (  # the identifier, not the name; the order, not the transaction; the amount, not the product
            "Customer Customer_ID date qty price amount order_no transaction_id",
            {"customer": "Customer_ID", "date": "date", "quantity": "qty", "amount": "amount"}
            | {"order": "order_no"},
        ),
    ],
)
def test_finds_usual_names_in_any_spelling(names: str, expected: dict[str, str]) -> None:
    found = find_columns(names.split(), RfmSettings())
    assert found.headers == expected
    assert all(repr(header) in found.assumed[0] for header in expected.values())


def test_what_is_given_comes_first_and_is_not_called_assumed() -> None:
    names = ["user", "client", "Date", "amount", "units", "each"]
    found = find_columns(names, RfmSettings(customer="CLIENT", quantity="units", price="each"))
    assert found.headers == {"customer": "client", "date": "Date", "quantity": "units", "price": "each"}
    assert found.assumed[:2] == (
        "found by their names: date is 'Date'",
        "the value of a line is 'units' x 'each'",
    )


@pytest.mark.parametrize(
    ("names", "given", "reported"),
    [
        (
            "who date amount",
            {},
            "column with the customer, but its headers are 'who', 'date', 'amount'; give --customer HEADER",
        ),
        ("client when amount", {}, "--date HEADER"),
        ("client date price", {}, "a quantity and a price (price is 'price')"),
        ("client date", {}, "give --amount HEADER, or give --quantity HEADER and --price HEADER"),
        ("client user date amount", {}, "'client', 'user' could be; give --customer client"),
        ("client date amount Amount", {}, "'amount', 'Amount' could be"),
        (
            "client date amount",
            {"order": "bill"},
            "the order must be one column, but no column has the header 'bill'",
        ),
        ("client date amount amount", {"amount": "amount"}, "several columns have the header 'amount'"),
        ("client date amount", {"customer": "client", "order": "client"}, "'client' is order and customer"),
    ],
)
def test_says_what_is_missing_or_in_doubt(names: str, given: dict[str, str], reported: str) -> None:
    with pytest.raises(InputError) as caught:
        find_columns(names.split(), RfmSettings(**given))  # type: ignore[arg-type]  # headers alone
    assert reported in caught.value.sentence(train_advice)
    assert "--" not in str(caught.value)


def test_refuses_two_sources_of_a_value() -> None:
    with pytest.raises(InputError, match="name the amount column, or name the quantity column and the price"):
        RfmSettings(amount="total", price="each")


def test_refuses_words_without_a_status_to_look_in() -> None:
    with pytest.raises(InputError, match="name the status column"):
        find_columns(["client", "date", "amount"], RfmSettings(cancelled=("gone",)))
