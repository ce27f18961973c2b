"""Checks that rows about a table are detected: totals, averages, sources, filters, footnotes."""

from __future__ import annotations

import pytest

from inference.files.read.layout import table_ends
from inference.files.read.layout.table_ends import (
    BLANK,
    NOTE,
    TOTALS,
    Above,
    is_total_word,
    rows_about_the_table,
    why_no_row,
)
from tests.test_table_region import clients

ROWS = clients(80)
ABOVE = Above(cells=ROWS, rows=len(ROWS))
VISITS = str(sum(int(row[1]) for row in ROWS))
PAID = f"{sum(float(row[2]) for row in ROWS):.2f}"


@pytest.mark.parametrize(
    "row",
    [
        ["Total", VISITS, PAID, ""],
        ["Grand Total:", VISITS, PAID, ""],
        ["Total (80 rows)", VISITS],
        ["Summe", VISITS, PAID, ""],
        ["Total général", "", PAID, ""],
        ["Promedio", "9", "400", ""],
        ["Totale complessivo", "", PAID, ""],
        ["Soma", VISITS, PAID, ""],
        ["Eindtotaal", VISITS, PAID, ""],
        ["Razem", VISITS, PAID, ""],
        ["Genel Toplam", VISITS, PAID, ""],
        ["Итого", VISITS, PAID, ""],
        ["合計", VISITS, PAID, ""],
        ["总计", VISITS, PAID, ""],
        ["", VISITS, PAID, "Total"],
        ["", VISITS, PAID, ""],
        ["99", VISITS, PAID, "North"],
    ],
)
def test_totals_are_found_by_their_word_or_by_being_the_sums(row: list[str]) -> None:
    assert why_no_row(row, ABOVE) == TOTALS


@pytest.mark.parametrize(
    "row",
    [
        ["Applied filters:", "", "", ""],
        ["Applied filters: Branch is North, Year is 2024"],
        ["Source: till", "", "", ""],
        ["Report generated on 2024-07-01", "", "", ""],
        ["Quelle: Kasse", "", "", ""],
        ["Fuente: caja", "", "", ""],
        ["* without returns", "", "", ""],
        ["Branch is not East", "", "", ""],
    ],
)
def test_notes_are_found_by_their_words_and_their_few_cells(row: list[str]) -> None:
    assert why_no_row(row, ABOVE) == NOTE


@pytest.mark.parametrize(
    "row",
    [
        ["7099", "3", "20.5", "South"],
        ["7099", "", "", ""],
        ["7099", "Total", "20.5", "South"],
        ["", "3", "20.5", "South"],
        ["unknown", "", "", ""],
        ["7099", "3", "n/a", "Source"],
    ],
)
def test_an_odd_customer_stays_a_customer(row: list[str]) -> None:
    assert why_no_row(row, ABOVE) == ""


def test_a_name_that_begins_like_a_total_is_a_name() -> None:
    names = [[f"Shop {chr(65 + place)}", str(place), str(place * 2)] for place in range(20)]
    known = Above(cells=names, rows=20)
    for name in ("Total Wine", "TotalEnergies", "Summers", "Ann Mean", "Source & Sons"):
        assert why_no_row([name, "5", "9"], known) == ""
    assert [is_total_word(text) for text in ("Sub-total", "TOTAL", "Total EUR:", "Totally", "")] == [
        *(True, True, True),
        *(False, False),
    ]


def test_only_what_follows_the_last_row_is_left_out() -> None:
    blank = [""] * 4
    last = [
        ["Total", VISITS, PAID, ""],
        ROWS[0],
        blank,
        ["Total", VISITS, PAID, ""],
        blank,
        ["Source: till", "", "", ""],
    ]
    assert rows_about_the_table(last, ABOVE) == {2: BLANK, 3: TOTALS, 4: BLANK, 5: NOTE}


def test_a_total_of_many_rows_is_about_what_the_first_ones_suggest() -> None:
    many = Above(cells=ROWS, rows=50 * len(ROWS))
    sums = [str(50 * int(VISITS) + 9), str(50 * float(PAID) - 70)]
    assert why_no_row(["", *sums, ""], many) == TOTALS
    assert why_no_row(["", "20", "899.0", ""], many) == ""


def test_columns_are_not_summed_beyond_what_a_row_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def number_in(text: str) -> float | None:
        read.append(text)
        return float(text) if text.replace(".", "").isdigit() else None

    monkeypatch.setattr(table_ends, "number_in", number_in)
    rows = 50 * ROWS
    assert why_no_row(ROWS[0], Above(cells=rows, rows=len(rows))) == ""
    assert 0 < len(read) < len(ROWS)
