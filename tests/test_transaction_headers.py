"""Promises that the columns of transactions are found in twelve languages, and by their cells."""

from __future__ import annotations

import pyarrow as pa
import pytest

from inference import InputError
from tests.transactions import table
from trainer.cli.train_advice import train_advice
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.rfm_table import customers_of
from trainer.rfm.transaction_columns import find_columns
from trainer.rfm.transaction_headers import CURRENCY, REFUND, STATUS

LANGUAGES = {
    "English": "Order ID|Customer ID|Order Date|Quantity|Unit Price",
    "Spanish": "Nº Pedido|ID Cliente|Fecha|Cantidad|Precio unitario",
    "French": "Numéro de commande|Identifiant client|Date de commande|Quantité|Prix unitaire",
    "German": "Bestellnummer|Kunden-Nr.|Bestelldatum|Menge|Einzelpreis",
    "Portuguese": "Número do pedido|Código do cliente|Data do pedido|Quantidade|Preço unitário",
    "Italian": "Numero ordine|Codice cliente|Data ordine|Quantità|Prezzo unitario",
    "Dutch": "Bestelnummer|Klantnummer|Besteldatum|Aantal|Stuksprijs",
    "Russian": "Номер заказа|Код клиента|Дата заказа|Количество|Цена за единицу",
    "Polish": "Numer zamówienia|ID klienta|Data zamówienia|Ilość|Cena jednostkowa",
    "Turkish": "Sipariş No|Müşteri No|Sipariş Tarihi|Miktar|Birim Fiyat",
    "Japanese": "注文番号|顧客番号|注文日|数量|単価",
    "Chinese": "订单编号|客户编号|下单时间|数量|单价",
}
AMOUNTS = ["Sales", "Importe", "Montant", "Gesamtbetrag", "Valor", "Importo", "Bedrag", "Сумма", "Kwota"]
AMOUNTS += ["Tutar", "合計金額", "金额"]
STATUSES = {
    "Status": "cancelled",
    "Estado": "Anulado",
    "Statut": "Remboursée",
    "Zustand": "Storniert",
    "Situação": "cancelado",
    "Stato": "Annullato",
    "Статус": "Отменён",
    "Durum": "iptal",
    "ステータス": "キャンセル",
    "订单状态": "待付款",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_finds_order_customer_date_quantity_and_price(language: str) -> None:
    names = LANGUAGES[language].split("|")
    order, customer, date, quantity, price = names
    assert find_columns(names, RfmSettings()).headers == {
        "order": order,
        "customer": customer,
        "date": date,
        "quantity": quantity,
        "price": price,
    }


@pytest.mark.parametrize("amount", AMOUNTS)
def test_finds_amounts(amount: str) -> None:
    assert find_columns(["client", "date", amount], RfmSettings())["amount"] == amount


@pytest.mark.parametrize(("status", "word"), list(STATUSES.items()))
def test_finds_a_status_and_excludes_what_was_not_bought(status: str, word: str) -> None:
    rows = [("x", "2024-01-30", "5", "ok"), ("x", "2024-02-28", "7", word)]
    found = customers_of(table(rows, ("client", "date", "total", status)))
    assert found.report.headers[STATUS] == status
    assert found.report.kinds["cancelled"] == 1
    assert found.table["monetary"].to_pylist() == [5.0]
    assert f"lines are excluded where {status!r} is {word!r} (1)" in found.report.assumed


def test_a_state_of_the_address_is_no_status() -> None:
    rows = [("x", "2024-01-30", "5", "CA"), ("y", "2024-02-28", "7", "TX")]
    assert STATUS not in customers_of(table(rows, ("client", "date", "total", "State"))).report.headers


def test_headers_that_say_nothing_are_settled_by_the_cells() -> None:
    rows = [
        (f"10{i % 5:03d}", f"2024-01-{i + 1:02d}", f"{i}.50", "refunded" if i == 9 else "paid", "EUR")
        for i in range(20)
    ]
    found = customers_of(table(rows, ("a", "b", "c", "d", "e")))
    assert found.report.headers == {
        "customer": "a",
        "date": "b",
        "amount": "c",
        STATUS: "d",
        CURRENCY: "e",
    }
    assert any(told.startswith("found by their values: customer is 'a'") for told in found.report.assumed)


def test_two_columns_of_dates_are_not_chosen_between() -> None:
    rows = [("x", "2024-01-30", "2024-01-31", "5.5"), ("y", "2024-02-28", "2024-02-29", "7.5")]
    with pytest.raises(InputError) as caught:
        customers_of(table(rows, ("client", "one", "two", "total")))
    assert "'one', 'two' could be; give --date one" in caught.value.sentence(train_advice)


def test_a_column_with_a_date_in_its_name_and_none_in_its_cells_is_not_taken() -> None:
    rows = [("a@x.com", "02/25 Tues", "9", "7/31/2023, 9:12:00 AM")] * 4
    rows += [("b@x.com", "02/25 Tues", "9", "7/1/2023, 9:12:00 PM")] * 4
    headers = ("Email", "Pickup Date", "Cart Total", "Date and Time of Order")
    found = customers_of(table(rows, headers))
    assert found.report.headers["date"] == "Date and Time of Order"
    assert found.table["recency"].to_pylist() == [0, 30]


def test_what_is_ignored_has_no_role() -> None:
    rows = [("x", "2024-01-30", "5", "1"), ("x", "2024-02-28", "7", "2")]
    headers = ("client", "date", "total", "refund amount")
    assert customers_of(table(rows, headers)).table["monetary"].to_pylist() == [9.0]
    kept = customers_of(table(rows, headers), RfmSettings(ignore=("Refund Amount",)))
    assert REFUND not in kept.report.headers
    assert kept.table["monetary"].to_pylist() == [12.0]


def test_an_export_of_a_shop_with_its_orders_over_several_lines() -> None:
    headers = ["Name", "Email", "Financial Status", "Currency", "Subtotal", "Shipping", "Total"]
    headers += ["Created at", "Lineitem price", "Lineitem quantity", "Refunded Amount"]
    day = "2024-01-{} 10:00:00 +0200"
    rows = [
        ("#1", "A@x.com", "paid", "EUR", "10.00", "4.00", "14.00", day.format(10), "5", "1", "0.00"),
        ("#1", "A@x.com", "", "", "", "", "", day.format(10), "5", "1", ""),
        (
            "#2",
            "a@x.com",
            "partially_refunded",
            "EUR",
            "20.00",
            "4.00",
            "24.00",
            day.format(14),
            "20",
            "1",
            "5",
        ),
        ("#3", "b@x.com", "voided", "EUR", "9.00", "4.00", "13.00", day.format(15), "4", "1", "0.00"),
        ("#3", "b@x.com", "", "", "", "", "", day.format(15), "5", "1", ""),
        ("#4", "b@x.com", "paid", "EUR", "6.00", "4.00", "10.00", day.format(16), "6", "1", "6.00"),
        ("#5", "b@x.com", "paid", "EUR", "7.00", "4.00", "11.00", day.format(17), "7", "1", "0.00"),
    ]
    found = customers_of(table(rows, headers))
    assert found.table.column_names[3] == "monetary (EUR)"
    assert found.table["Email"].to_pylist() == ["a@x.com", "b@x.com"]
    assert found.table["frequency"].to_pylist() == [2, 1]
    assert found.table["monetary (EUR)"].to_pylist() == [25.0, 7.0]
    assert found.report.kinds["further lines of an order"] == 2
    assert found.report.kinds["cancelled"] == 2
    assert any("'Refunded Amount' is subtracted from the value of 1 line" in t for t in found.report.assumed)


def test_lines_of_an_order_take_its_status_where_each_has_a_price() -> None:
    headers = ("order id", "client", "status", "date", "qty", "price")
    rows = [
        ("1", "x", "paid", "2024-01-30", "1", "5"),
        ("2", "x", "cancelled", "2024-02-28", "1", "7"),
        ("2", "x", "", "2024-02-28", "2", "3"),
    ]
    found = customers_of(table(rows, headers))
    assert found.report.kinds["cancelled"] == 2
    assert found.table["monetary"].to_pylist() == [5.0]


@pytest.mark.parametrize(
    ("cells", "net"),
    [
        (("$1,200.00", "$3.50"), 1203.5),
        (("1.200,00 €", "3,50 €"), 1203.5),
        (("123.00-", "200.00"), 77.0),
        (("(23.00)", "200.00"), 177.0),
        (("Rs. 1,20,000.50", "Rs. 2.00"), 120002.5),
    ],
)
def test_amounts_are_read_as_people_print_them(cells: tuple[str, str], net: float) -> None:
    rows = [("x", "2024-01-30", cells[0]), ("x", "2024-02-28", cells[1])]
    found = customers_of(table(rows, ("client", "date", "total")))
    assert found.table[3].to_pylist() == [net]


def test_a_decimal_mark_that_stays_open_is_asked_for() -> None:
    rows = [("x", "2024-01-30", "2.076"), ("y", "2024-02-28", "445"), ("z", "2024-02-28", "3.180")]
    orders = table(rows, ("client", "date", "total"))
    with pytest.raises(InputError) as caught:
        customers_of(orders)
    assert "give --decimal total=. or --decimal total=," in caught.value.sentence(train_advice)
    given = customers_of(orders, RfmSettings(decimals={"total": ","}))
    assert given.table["monetary"].to_pylist() == [2076.0, 445.0, 3180.0]


def test_dates_in_a_dictionary_are_found() -> None:
    cells = pa.array(["2024-01-30", "2024-02-28"]).dictionary_encode()
    sold = pa.table({"client": ["x", "y"], "when": cells, "total": [5.0, 7.0]})
    assert customers_of(sold).report.headers["date"] == "when"
