"""Checks that the kind of each column is recognised from its header and cells, with the reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from inference import Category, InputError
from tests.proposed_roles import ROWS, decision_of, proposed, table_with
from trainer import ColumnSettings, Feature, Roles, prepare, propose
from trainer.cli.train_advice import train_advice
from trainer.schema.formula import Formula


def test_headers_in_other_scripts_become_readable_names_and_stay_the_labels() -> None:
    rng = np.random.default_rng(0)
    yen = "購入金額\uff08円\uff09"  # in wide parentheses
    headers = [yen, "Количество заказов", "Ηλικία", "المبلغ", "количество  заказов", "Größe (cm)"]
    found = propose(pa.table({header: rng.normal(50, 9, ROWS).round(1) for header in headers}))
    specs = [each.spec for each in found.decisions if each.spec is not None]
    assert [spec.name for spec in specs] == [
        *("gou_ru_jin_e", "kolichestvo_zakazov", "ilikia", "lmblgh", "kolichestvo_zakazov_2", "grosse"),
    ]
    assert [spec.label for spec in specs][:3] == ["購入金額", "Количество заказов", "Ηλικία"]
    assert (specs[0].unit, specs[0].header) == ("円", yen)


RNG = np.random.default_rng(1)
WORDS = ["red", "green", "blue"]


@pytest.mark.parametrize(
    ("header", "values", "kind", "role", "why"),
    [
        ("x", [None] * ROWS, "empty", "left out", "every cell is blank"),
        ("x", [7] * ROWS, "constant", "left out", "is the same"),
        ("x", ["yes", "YES "] * 150, "constant", "left out", "is the same"),
        ("x", [1] * 9 + [None] * 291, "constant", "left out", "is the same"),
        ("x", [*WORDS, *[None] * 297], "empty", "left out", "only 3 of 300 cells are not blank"),
        ("x", np.arange(ROWS) + 5000, "identifier", "identifier", "unique by design"),
        ("x", RNG.permutation(ROWS), "identifier", "identifier", "unique by design"),
        ("x", 40_000_000 + RNG.permutation(10_000_000)[:ROWS], "identifier", "identifier", "unique"),
        ("x", RNG.permutation(10_000_000)[:ROWS], "number", "profile", "independent"),
        ("customer_no", RNG.integers(0, 99, ROWS), "identifier", "identifier", "its header suggests"),
        ("CLIENTNUM", RNG.normal(0, 1, ROWS), "identifier", "identifier", "suggests an identifier"),
        ("Phone", RNG.integers(10**6, 10**7, ROWS), "identifier", "identifier", "its header suggests"),
        ("store_id", RNG.integers(0, 5, ROWS), "category", "profile", "5 codes: its header contains 'store'"),
        ("Product ID", RNG.integers(0, 5, ROWS), "category", "profile", "5 codes: its header contains 'id'"),
        ("Code", [f"{each:08d}" for each in range(37, 37 + ROWS)], "identifier", "identifier", "padded"),
        ("Zip Code", RNG.permutation(90_000)[:ROWS] + 10_000, "free text", "left out", "is shared"),
        ("x", [f"k{each}" for each in range(ROWS)], "identifier", "identifier", "300 different texts"),
        ("x", [f"a long story about {each}" for each in range(ROWS)], "free text", "left out", "300"),
        ("x", [f"n{each % 200}" for each in range(ROWS)], "free text", "left out", "200 different texts"),
        ("x", ["00" + str(each) for each in RNG.permutation(90_000)[:ROWS] + 10_000],
         "identifier", "identifier", "padded with zeros"),
        ("Rating", [f"{each:.2f}" for each in RNG.normal(9, 2, ROWS)], "number", "profile", "independent"),
        ("Vorname", ["Jörg", "Ute", "Kai"] * 100, "personal data", "left out", "names of people; never used"),
        ("x", [f"{name} {each}" for each in range(10) for name in ["Maria", "Juan", "Petra"]] * 10,
         "personal data", "left out", "look like names of people"),
        ("x", [f"k{each % 99}@shop.test" for each in range(ROWS)], "personal data", "left out", "e-mail"),
        ("x", [f"+49 30 {each % 99 + 10_000_000}" for each in range(ROWS)], "personal data", "left out",
         "telephone"),
        ("Geburtsort", ["Bonn", "Kiel", "Jena"] * 100, "personal data", "left out", "place of birth"),
        ("Churn", ["Yes", "No"] * 150, "category", "outcome", "contains 'churn'"),
        ("Respuesta", [0, 1] * 150, "category", "outcome", "an outcome"),
        ("response time", RNG.normal(9, 2, ROWS), "number", "profile", "independent"),
        ("Cluster", RNG.integers(0, 4, ROWS), "category", "outcome", "existing groups of customers"),
        ("propensity", RNG.random(ROWS), "number", "outcome", "a model's prediction"),
        ("NumStorePurchases", RNG.integers(0, 14, ROWS), "number", "profile", "independent"),
        ("store visits", RNG.integers(0, 14, ROWS), "number", "profile", "independent"),
        ("weekday", RNG.integers(1, 8, ROWS), "number", "profile", "part of a date"),
        ("Monat", RNG.integers(1, 13, ROWS), "number", "profile", "part of a date"),
        ("x", ["Low", "High", "Average"] * 100, "category", "profile", "3 values with an order"),
        ("x", [0, 1] * 150, "category", "profile", "2 values"),
        ("x", ["Yes", "No"] * 150, "category", "profile", "2 values"),
        ("x", WORDS * 100, "category", "profile", "3 values"),
        ("Region", RNG.integers(1, 8, ROWS), "category", "profile", "7 codes"),
        ("Zip code", RNG.integers(10_000, 99_999, ROWS), "free text", "left out", "none of its"),
        ("rating", RNG.integers(1, 6, ROWS), "number", "profile", "only 5 different values"),
        ("Age", RNG.integers(18, 80, ROWS), "number", "profile", "describes the person"),
        ("signup year", RNG.integers(2001, 2024, ROWS), "number", "profile", "a calendar year"),
        ("x", [*[0] * 250, *range(50)], "number", "profile", "84% of its values are the same"),
        ("x", [None] * 60 + list(RNG.normal(0, 1, 240)), "number", "profile", "missing in 20% of the rows"),
        ("x", [*["many"] * 100, *range(200)], "free text", "left out", "67% of its cells are numbers"),
        ("x", ["2024-05-17", "2023-01-31"] * 150, "date", "profile", "dates"),
        ("x", ["17.05.2024", "31.01.2023"] * 150, "date", "profile", "dates"),
        ("x", ["01/02/2024", "03/04/2023"] * 150, "date", "left out", "set its date_format in"),
    ],
)  # fmt: skip
def test_each_kind_of_column_is_known_with_its_reason(
    header: str, values: Any, kind: str, role: str, why: str
) -> None:
    found = proposed(values, header)
    assert (found.kind, found.role) == (kind, role)
    assert why in found.reason


def test_a_few_cells_that_are_no_numbers_leave_a_column_of_numbers() -> None:
    values = [*["unknown"] * 3, *np.round(np.random.default_rng(2).normal(50, 9, ROWS - 3), 2)]
    found = proposed(values)
    assert found.kind == "number"
    assert found.missing_share == pytest.approx(0.01)


def test_one_date_decides_how_all_are_read() -> None:
    found = proposed([*["01/02/2024"] * 299, "02/13/2024"])
    assert found.spec is not None
    assert found.spec.date_format == "%m/%d/%Y"


def test_an_ambiguous_date_is_read_as_it_is_said() -> None:
    table = table_with(x=["01/02/2024", "03/04/2023"] * 150)
    said = {"x": ColumnSettings(date_format="%d/%m/%Y")}
    proposal = propose(table, Roles(columns=said))
    spec = decision_of(proposal, "x").spec
    assert spec is not None
    assert (spec.kind, spec.date_format) == ("date", "%d/%m/%Y")
    day = prepare(table, Roles(columns=said)).table.columns["x"][0]
    assert np.datetime64("1970-01-01") + int(day) == np.datetime64("2024-02-01")
    with pytest.raises(InputError, match="every date in 'x' must be written as '%Y-%m-%d'"):
        propose(table, Roles(columns={"x": ColumnSettings(date_format="%Y-%m-%d")}))


def test_dates_that_read_in_two_ways_are_left_out_with_a_note_and_refused_where_they_are_needed() -> None:
    table = table_with(**{"Last order": ["01/02/2024", "03/04/2023"] * 150})
    proposal = propose(table)
    assert decision_of(proposal, "Last order").role == "left out"
    assert proposal.notes[-1] == (
        "'Last order' is not used, because its dates can be read as '%d/%m/%Y' and '%m/%d/%Y'; set its "
        "date_format in segmentation.toml"
    )
    assert not any("Last order" in note for note in propose(table, Roles(ignore=("Last order",))).notes)
    recency = Feature(
        name="recency", label="Recency", formula=Formula('days_since(last_order, "2024-06-01")')
    )
    needed = [
        Roles(cluster=("orders", "Last order")),
        Roles(profile=("Last order",)),
        Roles(features=(recency,)),
    ]
    for roles in needed:
        with pytest.raises(InputError) as caught:
            propose(table, roles)
        assert caught.value.sentence(train_advice) == (
            "the dates of 'Last order' must have one format, but can be read as '%d/%m/%Y' and '%m/%d/%Y'; "
            'set [columns.last_order] date_format = "%d/%m/%Y" in the file of --config'
        )


def test_the_frequent_categories_are_kept_and_the_rest_is_other() -> None:
    rng = np.random.default_rng(3)
    values = [*rng.choice([f"job {each:02d}" for each in range(40)], 260), *["chef"] * 36, *"abcd"]
    spec = proposed(values).spec
    assert spec is not None
    kept = [each.value for each in spec.categories]
    assert len(kept) == 13
    assert (kept[0], kept[-1], spec.other) == ("chef", "other", "other")
    assert not {"a", "b"} & set(kept)
    cells = prepare(table_with(x=values)).table.columns["x"]
    assert cells[-1] == "other"
    assert cells[265] == "chef"


def test_spellings_of_one_category_are_one_and_yes_has_aliases() -> None:
    spec = proposed(["Yes", "yes", "Yes", "No"] * 75).spec
    assert spec is not None
    assert spec.categories == (
        Category(value="Yes", aliases=("y", "true", "1")),
        Category(value="No", aliases=("n", "false", "0")),
    )


def test_types_do_not_matter() -> None:
    """The same cells as text, in a DataFrame and in Arrow types get the same roles and the same values."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "amount": np.where(rng.random(ROWS) < 0.05, np.nan, rng.gamma(2, 50, ROWS).round(2)),
            "visits": pd.array(rng.poisson(20, ROWS), dtype="Int64"),
            "member": rng.random(ROWS) < 0.4,
            "joined": pd.Timestamp("2025-01-31") - pd.to_timedelta(rng.integers(0, 900, ROWS), unit="D"),
            "plan": pd.Categorical(rng.choice(["basic", "plus"], ROWS)),
        }
    )
    said = frame.astype(object).where(frame.notna(), "").astype(str)
    said["joined"] = frame["joined"].dt.strftime("%Y-%m-%d")
    typed, text = prepare(frame), prepare(pa.Table.from_pandas(said, preserve_index=False))
    assert typed.proposal is not None
    assert text.proposal is not None
    assert typed.proposal.clustering == text.proposal.clustering
    assert [each.kind for each in typed.proposal.decisions] == [each.kind for each in text.proposal.decisions]
    for name in ("amount", "visits", "joined"):
        assert np.array_equal(typed.table.columns[name], text.table.columns[name], equal_nan=True)
    assert (np.char.lower(text.table.columns["member"].astype(str)) == typed.table.columns["member"]).all()
    assert (text.table.columns["plan"] == typed.table.columns["plan"]).all()


def test_an_amount_in_the_first_column_is_no_identifier() -> None:
    rng = np.random.default_rng(5)
    table = table_with().add_column(
        0, "Umsatz", pa.array([str(each) for each in rng.permutation(90_000)[:ROWS]])
    )
    assert decision_of(propose(table), "Umsatz").kind == "number"
    table = table.rename_columns(["Nr", *table.column_names[1:]])
    assert decision_of(propose(table), "Nr").role == "identifier"
