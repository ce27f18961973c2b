"""Checks that a total of an order that is repeated on each of its lines counts once, and others do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from inference import InputError
from tests.transactions import table
from trainer.__main__ import main
from trainer.cli.train_advice import train_advice
from trainer.rfm.rfm_settings import RfmSettings
from trainer.rfm.rfm_table import Customers, customers_of
from trainer.rfm.transaction_headers import means_order_total

HEADERS = ("customer_id", "order_id", "order_date", "sku", "quantity", "Order Total")
ORDERS = [
    ("A", "1", "30.50", 3),
    ("A", "2", "12", 1),
    ("B", "3", "7.25", 2),
    ("B", "4", "99", 4),
    ("C", "5", "8", 2),
]


def lines(orders: Sequence[tuple[str, str, str, int]] = ORDERS) -> list[tuple[str, ...]]:
    """One line per article, each with the total of its order."""
    return [
        (customer, order, f"2024-01-{int(order):02}", f"s{article}", str(article + 1), total)
        for customer, order, total, articles in orders
        for article in range(articles)
    ]


def monetary(found: Customers) -> dict[str, float]:
    return dict(zip(found.table["customer_id"].to_pylist(), found.table["monetary"].to_pylist(), strict=True))


def test_the_total_counts_once_per_order_and_is_reported() -> None:
    found = customers_of(table(lines(), HEADERS))
    assert monetary(found) == {"A": 42.5, "B": 106.25, "C": 8.0}
    assert found.table["average_basket"].to_pylist() == [21.25, 53.125, 8.0]
    assert (
        "'Order Total' is repeated on each line of 4 orders, so it counts once per order"
        in found.report.assumed
    )
    assert (found.report.kinds["purchases"], found.report.kinds["further lines of an order"]) == (5, 7)


def test_the_settings_say_otherwise() -> None:
    assert monetary(customers_of(table(lines(), HEADERS), RfmSettings(amount_of="line")))["A"] == 103.5
    plain = (*HEADERS[:-1], "amount")
    assert monetary(customers_of(table(lines(), plain)))["A"] == 103.5
    assert monetary(customers_of(table(lines(), plain), RfmSettings(amount_of="order")))["A"] == 42.5
    with pytest.raises(InputError, match="there is no order") as caught:
        customers_of(table(lines(), ("customer_id", "x", *plain[2:])), RfmSettings(amount_of="order"))
    assert caught.value.sentence(train_advice).endswith("give --order HEADER")


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Line Total", lines()),
        ("Amount", lines()),
        ("Order Total", [(*row[:-1], f"{float(row[-1]) + int(row[4])}") for row in lines()]),
        ("Order Total", lines([(*order[:2], "10", order[3]) for order in ORDERS])),
        ("Order Total", lines([("A", "1", "5", 2), ("A", "2", "6", 1), ("B", "3", "7", 2)])),
    ],
    ids=["of lines", "no total", "differs", "always the same", "too few orders"],
)
def test_other_amounts_count_on_each_line(header: str, rows: list[tuple[str, ...]]) -> None:
    found = customers_of(table(rows, (*HEADERS[:-1], header)))
    assert sum(monetary(found).values()) == pytest.approx(sum(float(row[-1]) for row in rows))
    assert not found.report.repeated_total


def test_an_order_counts_by_its_first_line_that_is_not_cancelled() -> None:
    rows = [(*row, "cancelled" if row[3] == "s0" else "done") for row in lines()]
    found = customers_of(table(rows, (*HEADERS, "status")))
    assert monetary(found) == {"A": 30.5, "B": 106.25, "C": 8.0}


def test_a_refund_of_the_whole_order_is_compared_with_its_total() -> None:
    refunded = {"3": "7.25", "4": "9"}
    rows = [(*row, refunded.get(row[1], "0")) for row in lines()]
    found = customers_of(table(rows, (*HEADERS, "Refunded amount")))
    assert monetary(found) == {"A": 42.5, "B": 90.0, "C": 8.0}


def test_the_rare_order_whose_lines_differ_keeps_its_lines() -> None:
    rows = lines([("A", str(day), f"{day}.5", 2) for day in range(1, 29)] * 3)
    rows = [(*row[:1], f"{row[1]}-{place // 56}", *row[2:]) for place, row in enumerate(rows)]
    rows += [("B", "99", "2024-01-30", "s0", "1", "4"), ("B", "99", "2024-01-30", "s1", "1", "6")]
    found = customers_of(table(rows, HEADERS))
    assert found.report.repeated_total == "Order Total"
    assert monetary(found)["B"] == 10.0


def test_headers_in_other_languages_mean_an_order_too() -> None:
    for header in (
        "Total",
        "Bestellwert",
        "Montant total",
        "Importe del pedido",
        "Сумма заказа",
        "合計金額",
        "订单金额",
    ):
        assert means_order_total(header), header
    for header in ("Line Item Total", "Importe", "Prix unitaire total", "Betrag", "商品金额", "Sales"):
        assert not means_order_total(header), header


def test_the_command_names_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(",".join(row) for row in [HEADERS, *lines()]) + "\n", encoding="utf-8")
    out = tmp_path / "customers.csv"
    assert main(["rfm", str(path), "-o", str(out)]) == 0
    assert (
        "'Order Total' counts once per order; --amount-of line counts it on each line"
        in capsys.readouterr().out
    )
    assert main(["rfm", str(path), "-o", str(out), "--force", "--amount-of", "line"]) == 0
    assert "--amount-of" not in capsys.readouterr().out
    assert ",103.5," in out.read_text(encoding="utf-8")
