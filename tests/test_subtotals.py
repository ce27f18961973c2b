"""Checks that totals between the rows of a table are left out in every kind of file, and customers never."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from inference import ScoreOptions, Segmenter, score_batches, score_file
from inference.files.options import ReadOptions
from inference.files.read.layout.subtotals import TableShape, is_total_label, may_have_labels
from inference.files.read.read_table import read_whole
from trainer.__main__ import main
from trainer.table.raw_table import raw_of

REGIONS = ("North", "South", "East", "West")
HEADERS = ["Region", "Customer", "Orders", "Spend"]


def grouped(label: str = "Subtotal {}", groups: int = 8, named: bool = True) -> list[list[str]]:
    """Groups of customers, each followed by its totals; without ``named``, customers have no region."""
    rng = random.Random(3)  # noqa: S311 - draws tables, no secrets
    rows: list[list[str]] = []
    for group in range(groups):
        own = [(rng.randint(1, 20), round(rng.uniform(5, 900), 2)) for _ in range(rng.randint(2, 9))]
        region = REGIONS[group % 4]
        for orders, spend in own:
            first = [region, str(70000 + len(rows))] if named else [f"Client {len(rows)}"]
            rows.append([*first, str(orders), f"{spend:.2f}"])
        sums = [str(sum(each[0] for each in own)), f"{sum(each[1] for each in own):.2f}"]
        rows.append([label.format(region), *([""] if named else []), *sums])
    return rows


def customers(rows: list[list[str]]) -> list[list[str]]:
    """The rows that are no totals."""
    return [row for row in rows if row[0] in REGIONS or row[0].startswith("Client")]


def columns(rows: list[list[str]]) -> list[pa.Array]:
    return [pa.array(list(cells)) for cells in zip(*rows, strict=True)]


def left_out(rows: list[list[str]]) -> list[int]:
    """Which rows are totals, by the shape of their own table."""
    found = columns(rows)
    return list(TableShape.of(found).totals(found))


@pytest.mark.parametrize(
    "label",
    [
        *("Subtotal {}", "{} Total", "Total for region {}", "SUB-TOTAL {}:", "{} subtotal", "Total"),
        *("Zwischensumme {}", "{} Ergebnis", "Sous-total {}", "Totale {}", "Subtotaal {}", "Suma {}"),
        *("Ara Toplam {}", "ИТОГО {}", "{}小計", "小计 {}", "{} 합계"),
    ],
)
@pytest.mark.parametrize("named", [True, False], ids=["lacking a customer", "lacking nothing"])
def test_totals_of_groups_are_found_in_many_languages(label: str, named: bool) -> None:
    rows = grouped(label, named=named)
    expected = [place for place, row in enumerate(rows) if row not in customers(rows)]
    assert left_out(rows) == expected
    assert may_have_labels(rows[expected[0]][0].encode())


@pytest.mark.parametrize("name", ["Total Energies", "Summe GmbH", "North Total", "Total"])
def test_a_customer_with_such_a_name_is_kept(name: str) -> None:
    rows = customers(grouped(named=False))
    rows[5] = [name, "7", "123.45"]
    assert left_out(rows) == []
    rows[5] = [name, "7", ""]
    assert left_out(rows) == []


def test_a_value_of_a_category_is_no_label_even_where_cells_are_missing() -> None:
    rows = customers(grouped())
    for place in range(0, len(rows), 4):
        rows[place][0] = "Total"
    rows[8][1] = ""
    assert left_out(rows) == []


def test_texts_that_only_hold_the_word_are_no_labels() -> None:
    for text in ("Totalis", "subtotals are below this table and their sum is no customer", "", "Total" * 30):
        assert not is_total_label(text)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "parquet, categories", "csv in cp1252"])
def test_every_kind_of_file_leaves_them_out_and_reports_them(tmp_path: Path, kind: str) -> None:
    rows = [*grouped("Zwischensumme {} \u00e4"), ["Gesamtsumme", "", "9999", "99999.99"]]
    frame = pd.read_csv(io.StringIO("\n".join(",".join(row) for row in [HEADERS, *rows])))
    path = tmp_path / f"table.{kind.partition(',')[0].partition(' ')[0]}"
    if kind.startswith("parquet"):
        (frame.astype({"Region": "category"}) if "," in kind else frame).to_parquet(path)
    elif kind == "xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, encoding="cp1252" if "cp" in kind else "utf-8")
    whole = read_whole(path)
    assert whole.cells.num_rows == len(customers(rows))
    assert len(whole.left_out) == 9
    assert set(whole.left_out.values()) == {"contains totals"}
    assert read_whole(path, ReadOptions(keep_totals=True)).cells.num_rows == len(rows)


def test_totals_of_typed_tables_are_found_by_their_sums_too(tmp_path: Path) -> None:
    frame = pd.DataFrame(customers(grouped()), columns=HEADERS).astype({"Orders": int, "Spend": float})
    total = {"Region": None, "Customer": None, "Orders": frame["Orders"].sum(), "Spend": frame["Spend"].sum()}
    with_total = pd.concat([frame, pd.DataFrame([total])], ignore_index=True)
    with_total.to_parquet(tmp_path / "total.parquet", row_group_size=7)
    frame.to_parquet(tmp_path / "plain.parquet")
    assert read_whole(tmp_path / "total.parquet").left_out == {len(with_total): "contains totals"}
    assert not read_whole(tmp_path / "plain.parquet").left_out
    raw = raw_of(with_total)
    assert raw.notes == (
        f"1 row about the table left out; for example, row {len(with_total)} contains totals",
    )
    assert (raw.cells.num_rows, raw.lines.tolist()) == (len(frame), list(range(1, len(frame) + 1)))
    assert raw_of(with_total, keep_totals=True).cells.num_rows == len(with_total)
    assert not raw_of(frame).notes


def test_they_are_kept_in_scored_files_and_not_scored(published: Segmenter) -> None:
    header = "Region,CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)"
    rng = random.Random(5)  # noqa: S311 - draws tables, no secrets
    lines = [header]
    for region in REGIONS * 3:
        own = [(rng.randint(15, 137), rng.randint(1, 99)) for _ in range(6)]
        lines += [f"{region},{len(lines)},Male,40,{income},{score}" for income, score in own]
        lines.append(f"{region} Total,,,,{sum(each[0] for each in own)},{sum(each[1] for each in own)}")
    content = ("\n".join(lines) + "\n").encode()
    target = io.BytesIO()
    scored = score_file(published, io.BytesIO(content), target)
    assert (scored.rows, scored.errors, scored.left_out) == (84, 12, 12)
    assert scored.left_out_example == "line 8 contains totals"
    written = target.getvalue().decode().splitlines()
    assert [line.split(",")[0] for line in written[1:]] == [line.split(",")[0] for line in lines[1:]]
    kept = score_file(published, io.BytesIO(content), io.BytesIO(), options=ScoreOptions(keep_totals=True))
    assert kept.left_out == 0
    table = pa.table(pd.read_csv(io.BytesIO(content)))
    routes = [
        route
        for batch in score_batches(published, table.to_batches())
        for route in batch["route"].to_pylist()
    ]
    assert routes.count("error") == 12


def test_init_reports_them_before_the_roles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.csv"
    lines = [",".join(row) for row in [HEADERS, *grouped(groups=16)]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["--data", str(path), "--init", str(tmp_path / "segmentation.toml")]) == 0
    printed = capsys.readouterr().out
    assert "16 rows about the table left out; for example, line " in printed.partition("Roles of the")[0]
